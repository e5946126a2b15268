"""Source code in colours: tokens with the classes of Pygments, for languages that we know, within a budget.

Pygments is imported when the first block is coloured.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from io import StringIO
from time import thread_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CODE = 20_000  # characters of a block that is coloured
BUDGET = 0.25  # seconds of this thread for one block; some lexers take quadratic time on text made for that

# Not: console, ini, matlab, ocaml, whose lexers take seconds for a single token of text that was made for that.
_LANGUAGE_NAMES = """
    bash sh shell zsh c cpp c++ csharp c# css dart diff dockerfile go golang haskell hs html java javascript js json
    julia jl jsx kotlin latex tex lua makefile make markdown md nix objective-c objc perl php powershell ps1 proto protobuf
    py python python3 pycon r rb ruby rs rust scala sql swift toml ts tsx typescript vim xml yaml yml zig
"""
LANGUAGES = frozenset(_LANGUAGE_NAMES.split())
_LEXERS = {"yml": "yaml", "tsx": "ts"}  # names that older releases of Pygments lack


def known(language: str) -> str:
    """Return the name as it stands in `LANGUAGES`, or nothing."""
    return language.lower() if language.lower() in LANGUAGES else ""


@lru_cache(512)
def highlighted(code: str, language: str) -> str:
    """Return `code` as HTML, coloured when `language` is known and it takes no longer than `BUDGET`.

    Finished blocks of a streaming answer are asked for again and again: they come from the cache.
    """
    if not known(language) or len(code) > MOST_CODE:
        return escape(code)
    from pygments.formatters.html import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        lexer = get_lexer_by_name(_LEXERS.get(known(language), known(language)))
    except ClassNotFound:  # an older Pygments
        return escape(code)
    tokens = list(_tokens(code if code.endswith("\n") else code + "\n", lexer))
    if "".join(value for _, value in tokens).removesuffix("\n") != code.removesuffix("\n"):  # a lexer that drops what it does not know
        return escape(code)
    coloured = StringIO()
    HtmlFormatter(nowrap=True).format(tokens, coloured)
    return coloured.getvalue() if code.endswith("\n") else coloured.getvalue().removesuffix("\n")


def _tokens(code: str, lexer: Any) -> Iterator[tuple[Any, str]]:
    """Yield the tokens of `code`; when the budget is spent, the rest as one piece of plain text."""
    from pygments.token import Text  # type: ignore[import-untyped]

    end = thread_time() + BUDGET
    for start, kind, value in lexer.get_tokens_unprocessed(code):
        yield kind, value
        if thread_time() > end:
            yield Text, code[start + len(value) :]
            return
