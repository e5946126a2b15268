"""An answer in a terminal: written as it comes."""

from __future__ import annotations

import sys

from hfmagic.display.text import PlainStream, plain, progress_line


class TerminalAnswer:
    """Writes the text as it comes; progress is one line on stderr that disappears."""

    def __init__(self) -> None:
        self._filter = PlainStream()
        self._written = ""  # the last that was written, to know whether the line has ended
        self._given = 0  # characters of the answer that were given to `write`
        self._progress_shown = False
        self._open = True

    def progress(self, text: str, done: float | None = None) -> None:
        """Replace the progress line, if a person is watching."""
        if self._open and not self._given and sys.stderr.isatty():
            line = progress_line(text, done)
            sys.stderr.write(f"\r{line}\x1b[K")
            sys.stderr.flush()
            self._progress_shown = True

    def write(self, text: str) -> None:
        """Write `text` without what a terminal would obey."""
        self._clear_progress()
        self._given += len(text)
        self._put(self._filter.feed(text))

    def tick(self) -> None:
        """Do nothing: all has been written."""

    def finish(self, text: str, footer: str) -> None:
        """Write what was not yet written, and the footer on a line of its own."""
        if not self._open:
            return
        self.write(text[self._given :])
        self.close()
        if footer:
            self._put(f"{plain(footer)}\n")

    def close(self) -> None:
        """Take away the progress line and end the last line."""
        if self._open:
            self._open = False
            self._clear_progress()
            self._put(self._filter.end())
            if self._written and not self._written.endswith("\n"):
                self._put("\n")

    def _put(self, text: str) -> None:
        if text:
            self._written = text
            sys.stdout.write(text)
            sys.stdout.flush()

    def _clear_progress(self) -> None:
        if self._progress_shown:
            self._progress_shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
