"""The formats of an answer, as HTML: unfinished and finished."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from hfmagic.display.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable


def renderer(format: str) -> Callable[[str], str]:  # noqa: A002
    """Return what makes HTML of an unfinished answer; loads the parser now, so that the first word need not wait for it."""
    if format != "markdown":
        return lambda text: _preformatted(text, format)
    from hfmagic.display.markdown import MarkdownStream

    return MarkdownStream().html


def final_html(text: str, format: str) -> str:  # noqa: A002
    """Return the HTML of a finished answer."""
    if format == "markdown":
        from hfmagic.display.markdown import safe_html

        return safe_html(text)
    if format == "json" and _is_json(text):
        from hfmagic.display.code import highlighted

        return f'<pre class="highlight"><code>{highlighted(plain(text), "json")}</code></pre>'
    return _preformatted(text, format)


def _preformatted(text: str, format: str) -> str:  # noqa: A002
    """Show `text` letter by letter: prose in the notebook's font, everything else as code."""
    return f'<pre class="{"hfm-text" if format == "text" else "highlight"}"><code>{escape(plain(text))}</code></pre>'


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
