"""Links and images of a stranger's Markdown: which addresses may be clicked, and where they lead, visibly.

Imported together with `hfmagic.display.markdown` only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hfmagic.display.style import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

MOST_ADDRESS = 80  # characters shown of an address behind its host

_HOST = re.compile(r"(https?://[^\s/?#@\\]+)(?:[/?#]|$)", re.IGNORECASE)
_MAILBOX = re.compile(r"mailto:[^\s/?#&]+(?:\?[^\s]*)?$", re.IGNORECASE)


def with_visible_addresses(parser: MarkdownIt) -> None:
    """Make `parser` keep harmless links only, write their addresses out, and make text of images."""
    parser.validateLink = _harmless  # type: ignore[method-assign]
    parser.core.ruler.push("addresses", _show_addresses)
    parser.add_render_rule("address", _address)
    parser.add_render_rule("image", _image)


def _harmless(url: str) -> bool:
    """Allow a web address with a host and without a user name, a mailbox, or a place in this text (which `_show_addresses` unlinks)."""
    url = url.strip()
    return bool(_HOST.match(url) or _MAILBOX.match(url) or url.startswith("#"))


def _show_addresses(state: StateCore) -> None:
    """Finish the links of every block: where they open, and where they lead, unless their text says just that."""
    for block in state.tokens:
        if block.children:
            block.children = _finished(block.children)


def _finished(tokens: list[Token]) -> list[Token]:
    """Return the inline `tokens` with their links finished; links do not nest."""
    finished: list[Token] = []
    text, href = "", ""
    for token in tokens:
        if token.type == "link_open":
            text, href = "", str(token.attrGet("href") or "")
            token.attrSet("target", "_blank")
        elif href:
            text += token.content
        if not (token.type.startswith("link_") and href.startswith("#")):
            finished.append(token)
        if token.type == "link_close":
            if not href.startswith("#") and not _says(text, href):
                address = type(token)("address", "span", 0)
                address.content = href
                finished.append(address)
            href = ""
    return finished


def _says(text: str, href: str) -> bool:
    """Tell whether a link's text is its address already."""
    address = href.removeprefix("mailto:")
    bare = address.partition("://")[2] or address
    return text.strip() in {href, address, address.rstrip("/"), bare, bare.rstrip("/")}


def _address(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    """Show where a link leads: the host in full, the rest shortened."""
    href = tokens[index].content
    host = _HOST.match(href)
    most = MOST_ADDRESS + (len(host[1]) if host else 0)
    return f' <span class="hfm-url">({inert(href if len(href) <= most else href[:most] + "…")})</span>'


def _image(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    """Show an image as text; nothing is loaded."""
    token = tokens[index]
    return f'<span class="hfm-img">[image: {inert(token.content)}] {inert(str(token.attrGet("src") or ""))}</span>'
