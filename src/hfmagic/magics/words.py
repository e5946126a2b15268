"""The words of the notebook, and the way in that all of them share."""

from __future__ import annotations

from collections import ChainMap
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from hfmagic.core.errors import HFMagicError, Interrupted, LineError, ShortTraceback, shortened
from hfmagic.core.tokens import has_token, mask_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from IPython.core.interactiveshell import InteractiveShell

    from hfmagic.magics.arguments import MagicParser


class Word(NamedTuple):  # loads ten times as fast as a dataclass
    """A magic: its name, the module of this room that has its ``PARSER`` and ``run``, and what it does in a few words."""

    name: str
    module: str
    summary: str

    def load(self) -> ModuleType:
        """Import the word's module."""
        return import_module(f"hfmagic.magics.{self.module}")

    @property
    def parser(self) -> MagicParser:
        """The word's parser; imports its module."""
        parser: MagicParser = self.load().PARSER
        return parser


WORDS = (
    Word("hf_infer", "infer", "Run a model on a prompt and stream its answer."),
    Word("hf_login", "login", "Log in to Hugging Face with the token that is already here, and say who you are."),
    Word("hf_resources", "resources", "Show what this machine has and what is in use."),
)


def dispatch(word: Word, shell: InteractiveShell, line: str, cell: str | None, local_ns: Mapping[str, Any] | None) -> object:
    """Answer one use of a magic.

    Returns
    -------
    object
        What the word's ``run`` returns; None when only help was asked for.

    Raises
    ------
    HFMagicError
        Whatever goes wrong, drawn short; what was not foreseen is its ``__cause__``.
    """
    from hfmagic.core.settings import settings

    debug = settings.debug or "--debug" in line.split()
    try:
        return _answer(word, shell, line, cell, local_ns)
    except ShortTraceback as error:
        error.debug = error.debug or debug
        raise
    except KeyboardInterrupt:
        raise Interrupted("stopped") from None
    except Exception as error:
        short: HFMagicError = shortened(error)
        short.debug = debug
        raise short from error


def _answer(word: Word, shell: InteractiveShell, line: str, cell: str | None, local_ns: Mapping[str, Any] | None) -> object:
    from hfmagic.core.settings import settings
    from hfmagic.magics.call import Call
    from hfmagic.magics.interpolation import render

    _refuse_token(shell, f"{line}\n{cell or ''}")
    module = word.load()
    parser: MagicParser = module.PARSER
    variables: Mapping[str, object] = ChainMap({}, shell.user_ns if local_ns is None else dict(local_ns), shell.user_ns)

    def fill(text: str) -> str:
        return render(text, variables) if settings.interpolate else text

    args = parser.read(line, cell, fill)
    if args.help:
        _show_help(parser)
        return None
    body = cell
    if cell is not None:
        typed = cell.removesuffix("\n") if cell.strip() else ""
        body = fill(typed) if parser.body == "prompt" else typed
    return module.run(Call(args, body, shell, variables))


def _refuse_token(shell: InteractiveShell, text: str) -> None:
    if not has_token(text):
        return
    history = shell.history_manager
    typed = history.input_hist_raw[-1] if history is not None and history.input_hist_raw else ""
    if "hf_***" in typed:  # the cell as the history keeps it: masked already
        shell.set_next_input(mask_tokens(typed), replace=True)
    raise LineError(
        "a Hugging Face token stands in this cell; the magic was not run",
        "never type a token: rotate it at https://huggingface.co/settings/tokens, it may be saved in this notebook\n"
        "%hf_login takes it from the environment or from the store of the Hub's own login",
    )


def _show_help(parser: MagicParser) -> None:
    from html import escape

    from IPython.display import display

    text = parser.format_help()
    display({"text/plain": text, "text/html": f"<pre>{escape(text)}</pre>"}, raw=True)  # type: ignore[no-untyped-call]
