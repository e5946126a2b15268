"""The magic line: one thin parser, declared once per word, that feeds reading, help, completion and the reference page."""

from __future__ import annotations

import argparse
import builtins
import keyword
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from textwrap import indent
from typing import TYPE_CHECKING, Any, NoReturn

from hfmagic.core.errors import LineError
from hfmagic.magics.pieces import Line

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from hfmagic.magics.pieces import Piece

Completer = Callable[["InteractiveShell"], Iterable[str]]
"""Proposes values of an option; gets the shell."""


class MagicParser(argparse.ArgumentParser):
    """Reads a magic's line.

    Every word has ``-h/--help`` and ``--debug`` by itself. Options come first and are never abbreviated; a ``#`` that begins a word
    begins a comment; ``--`` ends the options.

    Parameters
    ----------
    word : str
        The magic's name without percent signs.
    summary : str
        What it does, in one sentence.
    rest : str, optional
        Name under which everything after the options is kept exactly as it was typed (quotes, apostrophes and ``#`` too). Without it and
        without positional arguments the line takes options only.
    body : str, optional
        What the cell below the line holds. Without it the word has no cell form. A body called "prompt" has its ``{{name}}`` replaced.
    examples : Sequence of str, optional
        Whole cells, for the help and the reference page.
    """

    def __init__(self, word: str, summary: str, *, rest: str = "", body: str = "", examples: Sequence[str] = ()) -> None:
        forms = [f"%%{word} [options]{f' {rest.upper()}' if rest else ''}"]  # argparse reads %% as %
        if body:
            forms.append(f"%%%%{word} [options]    ({body} in the lines below)")
        super().__init__(
            prog=f"%{word}",
            usage="\n       ".join(forms),
            description=summary,
            epilog="examples:\n" + indent("\n\n".join(examples), "  ") if examples else None,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_HelpFormatter,
        )
        self.color = False  # Python 3.14 would colour the help
        self.word, self.summary, self.rest, self.body = word, summary, rest, body
        self.examples = tuple(examples)
        self.completers: dict[str, Completer] = {}
        self._help_hint = f"%{word} --help shows the options"
        every = self.add_argument_group("in every word")
        every.add_argument("-h", "--help", action="store_true", help="show this help")
        every.add_argument("--debug", action="store_true", help="show the full traceback of an error")

    def add_argument(self, *flags: str, complete: Completer | None = None, **options: Any) -> argparse.Action:
        """Declare an option as argparse does; `complete` proposes its values."""
        action = super().add_argument(*flags, **options)
        if complete is not None:
            self.completers[action.dest] = complete
        return action

    def read(self, line: str, cell: str | None = None, fill: Callable[[str], str] = str) -> argparse.Namespace:
        """Understand a line.

        Parameters
        ----------
        line : str
            Everything after the magic's name.
        cell : str or None
            The body of a cell magic; only whether there is one matters here.
        fill : Callable
            Called on each value (after the line was cut into words) and on the rest: replaces ``{{name}}``.

        Returns
        -------
        argparse.Namespace
            The options and the rest. Only ``help`` is sure to be set when help is asked for.

        Raises
        ------
        LineError
            The line cannot be understood; the hint says what would be.
        """
        if cell is not None and cell.strip() and not self.body:
            raise LineError(f"%%{self.word} takes no body", f"use %{self.word} on a line of its own")
        options: list[str] = []
        words: list[str] = []
        rest = ""
        todo = Line(line)
        while not todo.at_end:
            if self.rest and not todo.option_ahead:
                rest = self._no_option_in(todo.ahead)
                break
            piece = todo.take()
            if piece.raw == "--" and self.rest:
                rest = todo.ahead
                break
            if piece.raw == "--":
                while not todo.at_end:
                    words.append(fill(todo.take().value))
            elif not piece.is_option:
                words.append(fill(piece.value))
            else:
                name, action, value = self._option(piece, todo)
                if action.dest == "help":
                    return argparse.Namespace(help=True)
                options.append(name if value is None else f"{name}={fill(value)}")
        self._refuse_stray(words, rest if cell is not None else "")
        args = self.parse_args([*options, "--", *words] if words else options)
        if self.rest:
            setattr(args, self.rest, fill(rest))
        return args

    def option(self, name: str) -> argparse.Action | None:
        """Return the option called `name` (``-m``, ``--model``)."""
        return self._option_string_actions.get(name)

    def actions(self) -> list[argparse.Action]:
        """Return all options in the order of the help."""
        return [action for group in self._action_groups for action in group._group_actions]  # noqa: SLF001

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise LineError(message, self._help_hint)

    def _option(self, piece: Piece, todo: Line) -> tuple[str, argparse.Action, str | None]:
        """Return name, action and value of the option that `piece` begins."""
        name, equals, value = piece.value.partition("=")
        action = self.option(name)
        if action is None:
            raise self._unknown(name)
        if action.nargs == 0:
            if equals:
                raise LineError(f"{name} takes no value", f"write {name} alone")
            return name, action, None
        if equals:
            return name, action, value
        follower = None if todo.at_end else todo.take()
        if follower is None or (follower.is_option and self._reads_as_option(follower)):
            raise LineError(f"{name} needs a value: {name} {metavar(action)}", self._help_hint)
        return name, action, follower.value

    def _reads_as_option(self, piece: Piece) -> bool:
        return piece.raw.startswith("--") or self.option(piece.value.partition("=")[0]) is not None

    def _unknown(self, name: str) -> LineError:
        known = list(self._option_string_actions)
        near = [option for option in known if option.startswith((name, f"-{name}")) and len(name.strip("-")) > 1]
        near = near or get_close_matches(name, known, 1)
        advice = f"did you mean {' or '.join(near)}?" if near else self._help_hint
        if self.rest:
            advice += f" (to begin the {self.rest} with {name}, write -- before it)"
        return LineError(f"%{self.word} has no option {name}", advice)

    def _no_option_in(self, rest: str) -> str:
        for word in rest.split():
            if self.option(word) or (word.startswith("--") and self.option(word.partition("=")[0])):
                raise LineError(
                    f"the option {word} stands after the {self.rest} has begun",
                    f"put options before the {self.rest}, or write -- before the {self.rest} to take it literally",
                )
        return rest

    def _refuse_stray(self, words: list[str], rest_in_cell: str) -> None:
        if rest_in_cell:
            raise LineError(
                f"the {self.rest} of %%{self.word} goes into the cell, below the line; on the line stands {shorten(rest_in_cell)}",
                f"move it down, or use %{self.word} (one percent sign) for a {self.rest} on the line",
            )
        if words and not self._get_positional_actions():
            raise LineError(f"%{self.word} takes options only, not {shorten(words[0])}", self._help_hint)

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        try:
            return super()._get_value(action, arg_string)
        except argparse.ArgumentError as error:
            kind = "a whole number" if action.type is int else "a number" if action.type is float else ""
            reason = f"takes {kind}, not {shorten(arg_string)}" if kind else f"does not take {shorten(arg_string)}: {error.message}"
            raise LineError(f"{_name(action)} {reason}", self._help_hint) from None

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        near = get_close_matches(str(value), choices, 1)
        listed = ", ".join(choices)
        hint = f"did you mean {near[0]}? It takes {listed}" if near else f"it takes {listed}"
        raise LineError(f"{_name(action)} does not take {shorten(str(value))}", hint)


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """One layout on every Python version and every width of the window."""

    def __init__(self, prog: str, **_: Any) -> None:
        super().__init__(prog, max_help_position=28, width=100)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        return invocation(action)


def invocation(action: argparse.Action) -> str:
    """Return how an option is written: ``-m, --model MODEL``."""
    names = ", ".join(action.option_strings)
    return " ".join(part for part in (names, "" if action.nargs == 0 else metavar(action)) if part)


def metavar(action: argparse.Action) -> str:
    """Return what stands for the option's value in the help."""
    if isinstance(action.metavar, str):
        return action.metavar
    return "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()


def shorten(text: str, width: int = 40) -> str:
    """Quote `text`, cut to one short line."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= width else flat[: width - 1] + "…")


def variable_name(text: str) -> str:
    """Accept what can be the name of a variable (or nothing); the ``type`` of options such as ``-o``."""
    if keyword.iskeyword(text) or hasattr(builtins, text) or text in {"In", "Out", "get_ipython"}:
        raise argparse.ArgumentTypeError("the name means something else already")
    if text and not text.isidentifier():
        raise argparse.ArgumentTypeError("a variable's name has letters, digits and _, and begins with no digit")
    return text


def _name(action: argparse.Action) -> str:
    return max(action.option_strings, key=len, default=action.dest)
