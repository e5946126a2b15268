"""Hugging Face in a notebook: ``%load_ext hfmagic``, or the same words as functions: ``hfmagic.infer("…")``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from hfmagic.api.infer import infer
    from hfmagic.api.login import login
    from hfmagic.api.resources import resources
    from hfmagic.core.settings import settings
    from hfmagic.inference.chats import chats
    from hfmagic.inference.result import Result

__version__ = "0.1.0"
__all__ = ["Result", "chats", "infer", "load_ipython_extension", "login", "resources", "settings", "unload_ipython_extension"]

_HOME = {
    "Result": "hfmagic.inference.result",
    "chats": "hfmagic.inference.chats",
    "infer": "hfmagic.api.infer",
    "login": "hfmagic.api.login",
    "resources": "hfmagic.api.resources",
    "settings": "hfmagic.core.settings",
}


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Make the words known; called by ``%load_ext hfmagic``."""
    from hfmagic.magics.registration import register

    register(ipython)


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """Take everything back; called by ``%unload_ext hfmagic``."""
    from hfmagic.magics.registration import unregister

    unregister(ipython)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
