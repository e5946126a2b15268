"""Main memory: the machine's, the container's and this process' share."""

from __future__ import annotations

from dataclasses import dataclass

from hfmagic.sampler.cgroup import memory_limit
from hfmagic.sampler.peak import resident


@dataclass(frozen=True, slots=True)
class Ram:
    """Memory in bytes; None for what cannot be read.

    Attributes
    ----------
    total, available, used : int or None
        Of the machine. Available is what can be had without swapping (``MemAvailable`` on Linux); used is total minus available.
    limit, working_set : int or None
        Of the container, when it has a limit below the machine's total: the limit, and what it uses and cannot give back at once.
    kernel : int or None
        What this process has in memory (resident size).
    """

    total: int | None = None
    available: int | None = None
    used: int | None = None
    limit: int | None = None
    working_set: int | None = None
    kernel: int | None = None


def read_ram() -> Ram:
    """Read the memory now."""
    total, available = _machine()
    container = memory_limit()
    if container is not None and total is not None and container.limit >= total:
        container = None
    return Ram(
        total=total,
        available=available,
        used=None if total is None or available is None else total - available,
        limit=container.limit if container else None,
        working_set=container.working_set if container else None,
        kernel=resident(),
    )


def available() -> int | None:
    """Return how many bytes this process can still take: the machine's available memory or the container's headroom, the smaller one."""
    _total, machine = _machine()
    container = memory_limit()
    headroom = container.headroom if container else None
    return min((bytes_ for bytes_ in (machine, headroom) if bytes_ is not None), default=None)


def _machine() -> tuple[int | None, int | None]:
    """Return total and available memory of the machine."""
    import psutil

    try:
        memory = psutil.virtual_memory()
    except (psutil.Error, OSError, ValueError, RuntimeError):
        return None, None
    return int(memory.total), int(memory.available)
