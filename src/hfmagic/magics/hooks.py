"""Wrap one method of one object, and take the wrapper off again even when somebody else has wrapped it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT = object()


class Hook:
    """A method that is replaced on the object itself, not on its class.

    Parameters
    ----------
    owner : object
        The object whose method is replaced.
    name : str
        The method.
    wrap : Callable
        Gets the method that stood there, gives the one to call instead.
    """

    def __init__(self, owner: object, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        self._owner, self._name = owner, name
        self._before = vars(owner).get(name, _ABSENT)
        original: Callable[..., Any] = getattr(owner, name)
        self._current = wrap(original)
        self._original = original
        setattr(owner, name, self)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call what stands there now."""
        return self._current(*args, **options)

    def remove(self) -> None:
        """Put back what stood there; where others have wrapped this hook, it stays below them and does nothing any more."""
        self._current = self._original
        if vars(self._owner).get(self._name) is not self:
            return
        if self._before is _ABSENT:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._before)
