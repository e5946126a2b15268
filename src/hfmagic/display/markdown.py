r"""Markdown from a stranger, as HTML that can only be read.

Two walls stand between a model's text and the page. The parser (markdown-it-py) has no raw HTML, makes no image, keeps links whose
address it knows to be harmless and shows where they lead; the sanitiser (nh3) then lets through only the tags and attributes that the
parser is meant to write. What the front end itself makes of text, typeset formulas, is met in `hfmagic.display.math`.

This module imports heavy packages: import it where the first answer is shown, not before.
"""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt

from hfmagic.display.code import highlighted, known
from hfmagic.display.links import with_visible_addresses
from hfmagic.display.math import with_formulas
from hfmagic.display.style import inert
from hfmagic.display.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

# The parser takes 37 µs for a character of the worst text that was found (![![![…), 1 µs for one of ordinary text; both grow linearly.
MOST_TEXT = 100_000  # characters; what is longer is shown as it is, unformatted
MOST_OPEN = 20_000  # characters of the unfinished last block of a stream, which is rendered again and again

_TAG_NAMES = "p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li table thead tbody tr th td a span div sub sup"
TAGS = frozenset(_TAG_NAMES.split())
ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "ol": {"start"},
    "th": {"style"},
    "td": {"style"},
    "span": {"class"},
    "pre": {"class"},
    "code": {"class"},
    "div": {"class"},
}
STYLES = frozenset({"text-align"})
SCHEMES = frozenset({"http", "https", "mailto"})
LINK_REL = "noopener noreferrer nofollow"


def safe_html(text: str, *, typeset: bool = True) -> str:
    """Render Markdown that nobody vouches for.

    Parameters
    ----------
    text : str
        The Markdown.
    typeset : bool, optional
        Leave harmless formulas to the front end; False shows the source of all of them (while an answer streams, so that it does not
        flicker).

    Returns
    -------
    str
        HTML with the tags of `TAGS` and the attributes of `ATTRIBUTES`, without script, style, images or anything that is loaded.
    """
    text = plain(text)
    if len(text) > MOST_TEXT:
        return unformatted(text)
    return clean(str(_parser().render(text, {"typeset": typeset})))


def unformatted(text: str) -> str:
    """Show `text` letter by letter."""
    return f'<pre class="hfm-text"><code>{html.escape(plain(text))}</code></pre>\n'


def clean(unsafe: str) -> str:
    """Take out of HTML everything that the parser is not meant to write: the second wall."""
    return nh3.clean(
        unsafe,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        filter_style_properties=set(STYLES),
        url_schemes=set(SCHEMES),
        clean_content_tags={"script", "style"},
        link_rel=LINK_REL,
    )


class MarkdownStream:
    """`safe_html` for a text that grows, at the cost of its last block.

    A block at top level is finished when another one follows: it is rendered once and kept, and only what comes after it is parsed again.
    Formulas are shown as their source until `final`, and a link whose address is defined further down becomes right there, too.
    """

    def __init__(self) -> None:
        self._text = ""  # all that the finished blocks were made of
        self._html = ""  # the finished blocks
        self._env: dict[str, Any] = {"typeset": False}

    def html(self, text: str) -> str:
        """Return the HTML of `text`, the whole text so far."""
        text = plain(text)
        if len(text) > MOST_TEXT:
            return unformatted(text)
        if not text.startswith(self._text):
            self.__init__()  # type: ignore[misc]
        if finished := self._finished(text[len(self._text) :]):
            self._html += clean(str(_parser().render(finished, self._env)))
            self._text += finished
        rest = text[len(self._text) :]
        return self._html + (unformatted(rest) if len(rest) > MOST_OPEN else clean(str(_parser().render(rest, self._env_copy()))))

    def final(self, text: str) -> str:
        """Return the HTML of the whole, now finished `text`: the same as `safe_html`."""
        return safe_html(text)

    def _finished(self, text: str) -> str:
        """Return the start of `text` that more text will not change.

        The last block is open; so is one whose successor stands on a line that is not complete.
        """
        blocks: list[Token] = []
        _parser().block.parse(text, _parser(), self._env_copy(), blocks)
        complete = text.split("\n")[:-1]
        starts = [block.map[0] for block in blocks if block.level == 0 and block.map and block.map[0] < len(complete)]
        return "".join(f"{line}\n" for line in complete[: starts[-1]]) if starts else ""

    def _env_copy(self) -> dict[str, Any]:
        """Return what the finished blocks defined; what an open block defines may still change and is not kept."""
        return {**self._env, "references": dict(self._env.get("references", {}))}


@cache
def _parser() -> MarkdownIt:
    """Make the first wall."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": False, "linkify": False}).enable(["table", "strikethrough"])
    with_formulas(parser)
    with_visible_addresses(parser)
    for name, rule in {"text": _text, "fence": _fence, "code_inline": _code_inline, "code_block": _code_block}.items():
        parser.add_render_rule(name, rule)
    return parser


def _text(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return inert(tokens[index].content)


def _fence(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    """Write a code block; of its language only a name that we know gets into the page."""
    token = tokens[index]
    language = known((token.info.split() or [""])[0])
    kind = f' class="language-{language}"' if language else ""
    return f'<pre class="highlight"><code{kind}>{highlighted(token.content, language)}</code></pre>\n'


def _code_inline(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return f"<code>{html.escape(tokens[index].content)}</code>"


def _code_block(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return f'<pre class="highlight"><code>{html.escape(tokens[index].content)}</code></pre>\n'
