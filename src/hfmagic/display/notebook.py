"""An answer in a notebook: formatted, kept up to date at a pace that leaves the machine to the model."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from hfmagic.display.formats import final_html, renderer
from hfmagic.display.style import quiet_line, wrap
from hfmagic.display.text import plain, progress_line

if TYPE_CHECKING:
    from collections.abc import Mapping

BUSY = 40  # an update may come when this many times its own cost has passed, so that showing takes at most 2.5 % of a core
BYTES = 400_000  # most bytes of HTML in a second, for notebooks that are far away
NOTHING = {"text/html": "", "text/plain": ""}


class NotebookAnswer:
    """Keeps two displays up to date: the answer, and the controls or the footer below it."""

    def __init__(self, format: str, theme: str, controls: dict[str, object] | None, hz: float) -> None:  # noqa: A002
        self._format = format
        self._theme = theme
        self._text = ""
        self._said = ""  # the progress line
        self._dirty = controls is not None  # they are shown at the first tick
        self._open = True
        self._render = renderer(format)
        self._pace = _Pace(hz)
        self._answer = _Slot()
        self._status = _Slot()
        self._controls = controls

    def progress(self, text: str, done: float | None = None) -> None:
        """Show one quiet line in the answer's place."""
        line = progress_line(text, done)
        if self._open and not self._text and line != self._said:
            self._said, self._dirty = line, True
            self.tick()

    def write(self, text: str) -> None:
        """Take a piece; the first one is shown at once."""
        if self._open and text:
            first = not self._text
            self._text += text
            self._dirty = True
            if first:
                self._show()
            else:
                self.tick()

    def tick(self) -> None:
        """Show what has come since the last update, if it is time for the next."""
        if self._open and self._dirty and self._pace.is_time():
            self._show()

    def finish(self, text: str, footer: str) -> None:
        """Show the finished answer and the footer."""
        if self._open:
            self._open = False
            self._answer.show(self._bundle(final_html(text, self._format), text))
            self._end_status(footer)

    def close(self) -> None:
        """Keep the text so far, and take away the rest."""
        if self._open:
            self._open = False
            if self._text:
                self._answer.show(self._bundle(final_html(self._text, self._format), self._text))
            elif self._answer.is_shown:
                self._answer.show(NOTHING)
            self._end_status("")

    def _show(self) -> None:
        """Show the present state, and the controls below it."""
        self._dirty = False
        with self._pace as pace:
            if self._text:
                content, text = self._render(self._text), self._text
            else:
                content, text = quiet_line(self._said), self._said
            self._answer.show(self._bundle(content, text))
            pace.sent = len(content)
        if self._controls is not None and not self._status.is_shown:
            self._status.show(self._controls)

    def _bundle(self, content: str, text: str) -> dict[str, str]:
        return {"text/html": wrap(content, self._theme), "text/plain": plain(text)}

    def _end_status(self, footer: str) -> None:
        if footer:
            self._status.show(self._bundle(quiet_line(footer), footer))
        elif self._status.is_shown:
            self._status.show(NOTHING)


class _Slot:
    """One display in the cell's output, which each `show` replaces."""

    def __init__(self) -> None:
        self._id = f"hfmagic-{uuid4().hex}"
        self.is_shown = False

    def show(self, bundle: Mapping[str, object]) -> None:
        from IPython.display import publish_display_data

        publish_display_data(dict(bundle), transient={"display_id": self._id}, update=self.is_shown)  # type: ignore[no-untyped-call]
        self.is_shown = True


class _Pace:
    """Says when the next update may come, by the rate and by what the last one cost in this thread's time and in bytes."""

    def __init__(self, hz: float) -> None:
        self._least = 1 / hz
        self._next = 0.0
        self._began = 0.0
        self.sent = 0

    def is_time(self) -> bool:
        return perf_counter() >= self._next

    def __enter__(self) -> Self:
        self._began = thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        cost = thread_time() - self._began
        self._next = perf_counter() + (max(self._least, BUSY * cost, self.sent / BYTES) if self._least else 0.0)
