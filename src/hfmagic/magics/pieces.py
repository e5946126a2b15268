"""Cut a magic's line into words as a POSIX shell does, one by one, so that what follows them can stay as it was typed."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from hfmagic.core.errors import LineError

BLANK = " \t\r\n"
_WORD = re.compile(r"""(?:[^ \t\r\n"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a line: `raw` as it was typed, `value` without quotes and backslashes."""

    raw: str
    value: str

    @property
    def is_option(self) -> bool:
        """Whether the word, not being in quotes, begins as options do."""
        return _begins_option(self.raw)


class Line:
    """A line that is read from left to right.

    Attributes
    ----------
    ahead : str
        What has not been taken yet, without blanks around it.
    """

    def __init__(self, text: str) -> None:
        self.ahead = text.strip(BLANK)

    @property
    def at_end(self) -> bool:
        """Whether nothing follows but a comment, which begins with a ``#`` at the start of a word."""
        return self.ahead[:1] in {"", "#"}

    @property
    def option_ahead(self) -> bool:
        """Whether the next word, not being in quotes, begins as options do."""
        return _begins_option(self.ahead)

    def take(self) -> Piece:
        """Take the next word off the line.

        Raises
        ------
        LineError
            A quote is opened and never closed, or the line ends in a backslash.
        """
        word = _WORD.match(self.ahead)
        raw = word.group() if word else ""
        following = self.ahead[len(raw) :]
        if following and following[0] not in BLANK:
            raise _unfinished(following[0])
        self.ahead = following.strip(BLANK)
        return Piece(raw, "".join(shlex.split(raw)))


def _begins_option(text: str) -> bool:
    return text.startswith("-") and text[1:2] not in ("", *BLANK)


def _unfinished(mark: str) -> LineError:
    if mark == "\\":
        return LineError("the line ends in a backslash", r"write \\ for a backslash, or put the value into '…'")
    other = '"' if mark == "'" else "'"
    return LineError(f"a quote is not closed: {mark}", f"put {mark} after the value, or {other} around it if {mark} is part of it")
