"""Tab on our lines: options, their choices, variables, ``{{`` and models from the cache, without Jedi's guesses about what is no Python.

IPython 8.6 and newer ask a matcher, which puts the other ones aside. Older ones (Colab has 7.34) merge every source into one list,
so there the completer's one inner method is wrapped and answers our lines alone.
"""

from __future__ import annotations

import os
import re
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from IPython.core import completer as ipython_completer

from hfmagic.core.errors import LineError
from hfmagic.magics.hooks import Hook
from hfmagic.magics.words import WORDS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

    from hfmagic.magics.arguments import MagicParser

DEMO = "demo"
_OURS = r"(?s)\s*(?:[\w.,\[\] \"']+=\s*)?(?P<percent>%%?)(?P<word>hf_\w+)[ \t](?P<line>.*)"

_FIELD = r"(?<!\{)\{\{[ \t]*(?P<name>\w*)$"


class Offer(NamedTuple):  # loads ten times as fast as a dataclass
    """What can stand at the cursor: `texts`, each in place of `fragment`, which is what stands before the cursor."""

    fragment: str
    texts: tuple[str, ...]


def complete_words(shell: InteractiveShell) -> Callable[[], None]:
    """Complete our lines in `shell`; return what undoes it."""
    if not hasattr(ipython_completer, "context_matcher"):

        def answer_ours(method: Callable[..., Any]) -> Callable[..., Any]:
            def complete(*, cursor_line: int, cursor_pos: int, full_text: str | None = None, **others: Any) -> Any:
                offer = offer_at(shell, full_text or others.get("line_buffer") or "", cursor_line if full_text else 0, cursor_pos)
                if offer is None or not (offer.texts or offer.fragment.startswith("-")):
                    return method(cursor_line=cursor_line, cursor_pos=cursor_pos, full_text=full_text, **others)
                return offer.fragment, list(offer.texts), [__name__] * len(offer.texts), ()

            return complete

        return Hook(shell.Completer, "_complete", answer_ours).remove

    @ipython_completer.context_matcher(identifier=__name__)  # type: ignore[untyped-decorator]
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        offer = offer_at(shell, context.full_text, context.cursor_line, context.cursor_position)
        if offer is None:
            return {"completions": []}
        found = [ipython_completer.SimpleCompletion(text, type="magic option") for text in offer.texts]
        return {"completions": found, "matched_fragment": offer.fragment, "suppress": True, "ordered": True}

    matchers = shell.Completer.custom_matchers
    matchers.append(matcher)
    return lambda: matchers.remove(matcher) if matcher in matchers else None


def offer_at(shell: InteractiveShell, cell: str, row: int, column: int) -> Offer | None:
    """Return what can stand at the cursor, or None where the line is not ours or is the prompt already."""
    rows = cell.split("\n")
    first = next((number for number, line in enumerate(rows) if line.strip()), 0)
    before = rows[row][:column]
    in_body = row != first and re.match(_OURS, rows[first]) is not None and rows[first].lstrip().startswith("%%")
    ours = None if in_body else re.fullmatch(_OURS, before)
    if not in_body and (ours is None or (ours["percent"] == "%%" and row != first)):
        return None
    field = re.search(_FIELD, before)
    if field is not None:
        return Offer(field["name"], tuple(name for name in variables(shell) if name.startswith(field["name"])))
    word = next((word for word in WORDS if ours and word.name == ours["word"]), None)
    return None if word is None or ours is None else _offer(word.parser, ours["line"], shell)


def variables(shell: InteractiveShell) -> Iterable[str]:
    """Names of the notebook's own values: no modules, functions or classes."""
    hidden = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
    return [
        name
        for name, value in shell.user_ns.items()
        if not name.startswith("_") and name not in shell.user_ns_hidden and not isinstance(value, hidden)
    ]


def cached_models(_: InteractiveShell) -> Iterable[str]:
    """Return the demo, and the models that the Hub's cache on this machine holds; the folders' names tell."""
    try:
        with os.scandir(_cache()) as folders:
            names = [folder.name for folder in folders if folder.name.startswith("models--")]
    except OSError:
        names = []
    return [DEMO, *sorted(name.removeprefix("models--").replace("--", "/") for name in names)]


def _cache() -> Path:
    """Where the Hub's own library keeps what it has fetched (huggingface_hub.constants, without importing it)."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    home = Path(os.environ.get("HF_HOME") or home)
    return Path(os.path.expandvars(os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or home / "hub")).expanduser()


def _offer(parser: MagicParser, line: str, shell: InteractiveShell) -> Offer | None:
    from hfmagic.magics.pieces import BLANK, Line

    fragment = re.split(rf"[{BLANK}]", line)[-1]
    given: set[str] = set()
    awaits: argparse.Action | None = None
    todo = Line(line.removesuffix(fragment))
    try:
        while todo.ahead:
            piece = None if todo.at_end else todo.take()
            if piece is None or (awaits is None and (piece.raw == "--" or not piece.is_option)):
                return None  # a comment, or the prompt has begun
            awaits = _option(parser, piece.value, given) if awaits is None else None
    except LineError:
        return None  # inside quotes
    name, equals, value = fragment.partition("=")
    option = parser.option(name)
    if awaits is not None:
        return _values(parser, awaits, fragment, shell)
    if equals and option is not None:
        return _values(parser, option, value, shell)
    if fragment and not fragment.startswith("-"):
        return None
    free = [action for action in parser.actions() if action.dest not in given]
    names = [flag for action in free for flag in action.option_strings if flag.startswith("--") or fragment == "-"]
    return Offer(fragment, tuple(flag for flag in names if flag.startswith(fragment)))


def _option(parser: MagicParser, text: str, given: set[str]) -> argparse.Action | None:
    """Note the option that was given; return it when its value is the next word."""
    name, equals, _ = text.partition("=")
    action = parser.option(name)
    if action is None:
        return None
    if not isinstance(action.default, list):  # what is collected in a list may be repeated
        given.add(action.dest)
    return None if equals or action.nargs == 0 else action


def _values(parser: MagicParser, action: argparse.Action, fragment: str, shell: InteractiveShell) -> Offer:
    complete = parser.completers.get(action.dest)
    values = list(complete(shell)) if complete else [str(choice) for choice in action.choices or ()]
    return Offer(fragment, tuple(value for value in values if value.startswith(fragment)))
