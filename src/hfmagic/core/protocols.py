"""What a room below needs of the notebook, as small protocols; the notebook hands in the real things."""

from __future__ import annotations

from typing import Protocol


class Cancel(Protocol):
    """Tells whether the work should stop; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Return True once the work should stop."""
        ...


class Progress(Protocol):
    """Takes one line that says what is going on; each call replaces the line before."""

    def __call__(self, text: str, done: float | None = None) -> None:
        """Say `text`; `done` is the finished fraction from 0 to 1 where it is known."""
        ...


class Stream(Protocol):
    """Shows an answer while it is made; called from the main thread only."""

    def progress(self, text: str, done: float | None = None) -> None:
        """Show one line about what goes on before the first word; the next call replaces it."""
        ...

    def write(self, text: str) -> None:
        """Append `text` to the answer."""
        ...

    def tick(self) -> None:
        """Take a breath: called about 20 times a second while nothing new arrives, and between pieces."""
        ...
