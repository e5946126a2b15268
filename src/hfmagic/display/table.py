"""A small table, as escaped HTML and as aligned text."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from hfmagic.display.style import inert, wrap
from hfmagic.display.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "


def table_bundle(rows: Sequence[Sequence[str]], header: Sequence[str], *, theme: str = "auto") -> dict[str, str]:
    """Return the mime bundle of a table.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells; a row that is too short is filled up.
    header : sequence of str
        The names of the columns.
    theme : {"auto", "light", "dark"}, optional
        The colours.

    Returns
    -------
    dict of str to str
        ``text/html``, in which every cell is escaped, and ``text/plain``.
    """
    head = "".join(f"<th>{_cell(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in _filled(rows, header))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return {"text/html": wrap(table, theme), "text/plain": table_text(rows, header)}


def table_text(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Return the table as aligned text, a rule under the header."""
    lines = [[" ".join(plain(cell).split()) for cell in row] for row in [header, *_filled(rows, header)]]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        GAP.join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _filled(rows: Sequence[Sequence[str]], header: Sequence[str]) -> list[list[str]]:
    """Give every row as many cells as the header has."""
    return [[*row, *[""] * len(header)][: len(header)] for row in rows]


def _cell(text: str) -> str:
    """Escape one cell; its newlines become line breaks."""
    return inert(text).replace("\n", "<br>")


def _width(text: str) -> int:
    """Count the columns that `text` takes in a terminal."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
