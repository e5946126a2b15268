"""Write docs/reference.md from the magics' own parsers; ``--check`` only tells whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hfmagic.core.settings import settings
from hfmagic.magics.arguments import invocation
from hfmagic.magics.words import WORDS

if TYPE_CHECKING:
    from hfmagic.magics.arguments import MagicParser

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"
HEAD = """\
# The words

<!-- Written by tools/reference.py from the parsers. Do not edit: change the parser and run `python tools/reference.py`. -->

`%load_ext hfmagic` makes these words known. Each is a line magic (`%word`) or a cell magic (`%%word`), shows this help with `-h`, and
completes its options with Tab. Options come first and are never abbreviated; quotes work as in a shell; a `#` at the start of a word
begins a comment; `--` ends the options.

In prompts and in the values of options `{{name}}` stands for a variable of the notebook: also `{{obj.attr}}`, `{{d["key"]}}`,
`{{seq[0]}}` and `{{x:.2f}}`. Nothing is evaluated, an unknown name is an error before anything runs, and `\\{{name}}` keeps the braces.
Single braces, JSON and templates go through untouched.
"""


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when the page is not what would be written")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/reference.md is out of date: python tools/reference.py", file=sys.stderr)
    return 1


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(_word(word.parser) for word in WORDS), _settings()])


def _word(parser: MagicParser) -> str:
    usage = parser.format_usage().removeprefix("usage: ").replace("\n       %", "\n%").rstrip()
    rows = [
        f"| {_cell('`' + invocation(action) + '`')} | {_cell((action.help or '').replace('%%', '%'))} | {_default(action)} |"
        for action in parser.actions()
    ]
    parts = [
        f"## `%{parser.word}`",
        parser.summary,
        f"```text\n{usage}\n```",
        "\n".join(["| option | meaning | default |", "|---|---|---|", *rows]),
    ]
    if parser.examples:
        parts.append("\n\n".join(f"```python\n{example}\n```" for example in parser.examples))
    return "\n\n".join(parts) + "\n"


def _settings() -> str:
    rows = [
        f"| `{name}` | {_cell(trait.help)} | `{trait.default_value!r}` |"
        for name, trait in sorted(type(settings).class_traits(config=True).items())
    ]
    how = "`%config HFMagic.NAME = VALUE` in the notebook, or `c.HFMagic.NAME = VALUE` in `ipython_config.py`."
    return "\n\n".join(["## Settings", how, "\n".join(["| setting | meaning | default |", "|---|---|---|", *rows])]) + "\n"


def _default(action: argparse.Action) -> str:
    if action.nargs == 0 or action.default in (None, "", [], argparse.SUPPRESS):
        return ""
    return f"`{action.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
