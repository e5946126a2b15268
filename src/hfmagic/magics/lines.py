"""Let our lines reach us as they were typed, where IPython would take them for something else.

A line that ends in ``word?`` asks IPython for help on the word, whatever stands before it: ``%hf_infer What is the moon?`` would look for a
variable called moon. And a cell magic without a body is refused before it can say what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.inputtransformer2 import EscapedCommand, MagicAssign, TokenTransformBase

from hfmagic.magics.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from tokenize import TokenInfo

    from IPython.core.interactiveshell import InteractiveShell

_NAMES = frozenset(word.name for word in WORDS)


def keep_lines(shell: InteractiveShell) -> Callable[[], None]:
    """Read our lines in `shell` before IPython does; return what undoes it."""
    cleanups, tokens = shell.input_transformers_cleanup, shell.input_transformer_manager.token_transformers
    cleanups.append(_with_body)
    tokens.append(_Question)

    def undo() -> None:
        if _with_body in cleanups:
            cleanups.remove(_with_body)
        if _Question in tokens:
            tokens.remove(_Question)

    return undo


class _Question(TokenTransformBase):
    """A line of ours that ends in a question mark is a magic all the same; ``%hf_infer?`` alone still asks for help."""

    priority = 1  # before IPython's help, which has 5

    def __init__(self, start: tuple[int, int], command: EscapedCommand | MagicAssign) -> None:
        super().__init__(start)  # type: ignore[no-untyped-call]
        self._command = command

    @classmethod
    def find(cls, tokens_by_line: list[list[TokenInfo]]) -> _Question | None:
        """Return the first such line of the cell."""
        for line in tokens_by_line:
            if len(line) < 2 or line[-2].string != "?":  # noqa: PLR2004 (the last token is the line's end)
                continue
            tokens = [token for token in line if token.string.strip()]  # no indent, no end of the line
            percent = _percent(tokens)
            if percent is None or all(token.string == "?" for token in tokens[percent + 2 :]):
                continue
            command = MagicAssign if percent else EscapedCommand
            return cls(tokens[0].start, command(tokens[percent].start))
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Let IPython write the call of the magic."""
        changed: list[str] = self._command.transform(lines)
        return changed


def _percent(tokens: list[TokenInfo]) -> int | None:
    """Return where the magic begins: at the start (also ``%time %hf_infer …``), or right after an assignment."""
    texts = [token.string for token in tokens]
    if texts[0] == "%" and (texts[1] in _NAMES or (texts[2:3] == ["%"] and texts[3] in _NAMES)):
        return 0
    depth = 0
    for at, text in enumerate(texts[:-1]):
        depth += (text in {"(", "[", "{"}) - (text in {")", "]", "}"})
        if text == "=" and depth == 0 and texts[at + 1] == "%" and texts[at + 2] in _NAMES:
            return at + 1
    return None


def _with_body(lines: list[str]) -> list[str]:
    """Give a cell magic of ours that has no body a blank one, as Colab does for all."""
    line = "".join(lines).rstrip("\n")
    ours = line.startswith("%%") and line[2:].split(maxsplit=1)[:1]
    return [f"{line}\n", " \n"] if ours and ours[0] in _NAMES and "\n" not in line else lines


_with_body.has_side_effects = True  # type: ignore[attr-defined]  # not for asking whether a typed cell is complete
