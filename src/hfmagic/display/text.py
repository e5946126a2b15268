r"""Text from strangers made harmless, and numbers made readable.

A terminal obeys control characters: a model that prints ``ESC[2J`` clears the screen, ``\r`` overwrites what stood there and a bidi
override shows words in another order than they were written. `plain` takes all of that out; `PlainStream` does the same for text
that arrives in pieces, also when a control sequence is cut in two.
"""

from __future__ import annotations

import re

_PAYLOAD = r"[^\x07\x1b\x9c\r\n]{0,2000}"  # of an OSC, DCS, … string: titles, links, pictures
_ESCAPES = rf"""
    (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]                                   # CSI: colours, cursor, erase
  | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]) {_PAYLOAD} (?:\x07|\x1b\\|\x9c)  # OSC, DCS, SOS, PM, APC
  | \x1b [ -/]* [0-~]                                                     # every other escape; also the start of a broken one
"""
_CONTROLS = re.compile(
    rf"""{_ESCAPES}
  | [\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]  # C0 without tab and newlines, DEL, C1
  | [\u202a-\u202e\u2066-\u206f]           # bidi embeddings, overrides, isolates
    """,
    re.VERBOSE,
)
_NEWLINE = re.compile(r"\r\n?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# The end of a piece that the next piece may complete to a sequence.
_UNFINISHED = re.compile(
    rf"""(?:
    \r
  | (?:\x1b\[|\x9b) [0-?]* [ -/]*
  | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]) {_PAYLOAD} \x1b?
  | \x1b [ -/]*
    )\Z""",
    re.VERBOSE,
)


def plain(text: str) -> str:
    r"""Return `text` without anything that a terminal or a browser would obey.

    Control characters but newline and tab, ANSI escape sequences and bidi overrides are taken out; ``\r\n`` and ``\r`` become a newline;
    lone surrogates, which cannot be sent, become U+FFFD.

    Parameters
    ----------
    text : str
        What a model or the Hub said.

    Returns
    -------
    str
        Text that is only text.
    """
    return _SURROGATE.sub("\ufffd", _CONTROLS.sub("", _NEWLINE.sub("\n", text)))


class PlainStream:
    """`plain` for text that arrives in pieces: the pieces give the same text, wherever they are cut."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what can be shown after `piece` has come; an unfinished sequence at its end is held back."""
        text = self._held + piece
        unfinished = _UNFINISHED.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._held = text[cut:]
        return plain(text[:cut])

    def end(self) -> str:
        """Return what was still held back, now that nothing more comes."""
        held, self._held = self._held, ""
        return plain(held)


def size(bytes_: float | None) -> str:
    """Return a number of bytes in decimal units, as the Hub and disks count: 1 GB is 1,000,000,000 bytes.

    Parameters
    ----------
    bytes_ : float or None
        How many; None when it is not known.

    Returns
    -------
    str
        ``"512 B"``, ``"1.4 GB"``, ``"16 GB"``; ``"–"`` for None.
    """
    if bytes_ is None:
        return "–"
    value = float(bytes_)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        shown = f"{value:.0f}" if unit == "B" or abs(value) >= 9.95 else f"{value:.1f}"  # noqa: PLR2004 (two figures at least)
        if abs(float(shown)) < 1000 or unit == "TB":  # noqa: PLR2004 (the step of the units)
            return f"{shown} {unit}"
        value /= 1000
    raise AssertionError  # the last unit has returned


def duration(seconds: float | None) -> str:
    """Return a time span as people say it: ``"0.04 s"``, ``"0.4 s"``, ``"12 s"``, ``"2 min 3 s"``, ``"1 h 5 min"``; ``"–"`` for None."""
    if seconds is None:
        return "–"
    if seconds < 0.095:  # noqa: PLR2004 (below, one decimal would say 0.0 or 0.1)
        return f"{seconds:.2f} s"
    if seconds < 9.95:  # noqa: PLR2004 (from here on the decimal is noise)
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    hours, minutes_left = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min {rest} s"
    return f"{hours} h {minutes_left} min"


def count(number: int, noun: str = "") -> str:
    """Return a number with its thousands apart and its noun in the plural where due: ``"1 token"``, ``"12,345 tokens"``."""
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def progress_line(text: str, done: float | None = None) -> str:
    """Return `text` on one line, with the percentage where it is known: `done` goes from 0 to 1."""
    line = " ".join(plain(text).split())
    return line if done is None else f"{line} {min(max(done, 0.0), 1.0):.0%}"
