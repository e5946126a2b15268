"""Main memory: the machine's, the container's, and this process'."""

from __future__ import annotations
