"""The live view of one answer: in a notebook formatted and kept up to date, in a terminal written as it comes.

In a notebook an answer has two places, each a display of its own that is updated and never added to: the answer, and below it the
controls (a Stop button, say), which make room for the footer. So the notebook saves the last, complete state and nothing else.
"""

from __future__ import annotations

import sys
from typing import Protocol

from hfmagic.display.formats import final_html
from hfmagic.display.notebook import NotebookAnswer
from hfmagic.display.style import wrap
from hfmagic.display.terminal import TerminalAnswer
from hfmagic.display.text import plain

HZ = 12.0  # most updates in a second


class Answer(Protocol):
    """Shows one answer while it is made; fulfils `hfmagic.core.protocols.Stream`."""

    def progress(self, text: str, done: float | None = None) -> None:
        """Say what goes on before the first word; `done` goes from 0 to 1."""
        ...

    def write(self, text: str) -> None:
        """Append `text` to the answer."""
        ...

    def tick(self) -> None:
        """Show what was held back, if it is time."""
        ...

    def finish(self, text: str, footer: str) -> None:
        """Show the whole answer for good, with a quiet line below it; the controls go."""
        ...

    def close(self) -> None:
        """Leave nothing half-shown: the text so far stays, progress and controls go. Does nothing after `finish`."""
        ...


def open_answer(
    format: str = "markdown",  # noqa: A002 (the word of the magic's option)
    *,
    theme: str = "auto",
    controls: dict[str, object] | None = None,
    quiet: bool = False,
    hz: float = HZ,
) -> Answer:
    """Begin to show an answer where the user is.

    Parameters
    ----------
    format : {"markdown", "text", "json", "code"}, optional
        How the answer is to be read.
    theme : {"auto", "light", "dark"}, optional
        The colours.
    controls : dict, optional
        Mime bundle of what is shown below the answer while it is made, such as a button's widget view; left out in a terminal.
    quiet : bool, optional
        Show nothing at all.
    hz : float, optional
        Most updates in a second; infinity shows every piece at once.

    Returns
    -------
    Answer
        A view that takes the text; call `finish` or `close` at the end, whatever happens.
    """
    if quiet:
        return QuietAnswer()
    if in_notebook():
        return NotebookAnswer(format, theme, controls, hz)
    return TerminalAnswer()


def answer_bundle(text: str, format: str = "markdown", theme: str = "auto") -> dict[str, str]:  # noqa: A002
    """Return the mime bundle of a finished answer: ``text/html`` that is safe, and ``text/plain``."""
    return {"text/html": wrap(final_html(text, format), theme), "text/plain": plain(text)}


def in_notebook() -> bool:
    """Tell whether this is IPython with a kernel; plain Python and IPython in a terminal are not."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


class QuietAnswer:
    """Shows nothing."""

    def progress(self, text: str, done: float | None = None) -> None:
        """Show nothing."""

    def write(self, text: str) -> None:
        """Show nothing."""

    def tick(self) -> None:
        """Show nothing."""

    def finish(self, text: str, footer: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""
