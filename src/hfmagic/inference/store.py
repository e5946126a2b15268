"""Models that stay in memory for the next cell; the least recently used one leaves first, one in use never."""

from __future__ import annotations

import gc
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hfmagic.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

Key = tuple[str, str | None, str, str]  # model and revision as asked for, dtype, device


@dataclass(slots=True, kw_only=True)
class Loaded:
    """A model in memory with its tokenizer.

    Attributes
    ----------
    revision : str or None
        The commit that was loaded; None for a local folder.
    busy : threading.Lock
        Held while the model generates.
    """

    name: str
    revision: str | None
    model: Any
    tokenizer: Any
    device: str
    dtype: str
    busy: threading.Lock = field(default_factory=threading.Lock)


class ModelStore:
    """A least-recently-used store of loaded models."""

    def __init__(self) -> None:
        self._models: OrderedDict[Key, Loaded] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._models)

    def get(self, key: Key, load: Callable[[], Loaded]) -> Loaded:
        """Return the model of `key`, loading it with `load` when it is not here; room for it is made first."""
        with self._lock:
            if key not in self._models:
                self._shrink(settings.loaded_models - 1)
                self._models[key] = load()
            self._models.move_to_end(key)
            return self._models[key]

    def has(self, key: Key) -> bool:
        """Tell whether the model of `key` is in memory."""
        return key in self._models

    def drop_idle(self) -> bool:
        """Forget the least recently used model that is not generating; False when there is none. For use inside `load`."""
        before = len(self._models)
        self._shrink(before - 1)
        return len(self._models) < before

    def _shrink(self, most: int) -> None:
        for key in list(self._models):
            if len(self._models) <= most:
                break
            if not self._models[key].busy.locked():
                del self._models[key]
                _give_back()


def _give_back() -> None:
    """Return freed memory to the machine."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


store = ModelStore()
