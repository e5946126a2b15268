"""How a `Result` looks as a cell's last value: its answer as safe Markdown; nothing when it was just streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from hfmagic.core.settings import settings
from hfmagic.display.answer import answer_bundle, in_notebook

if TYPE_CHECKING:
    from hfmagic.inference.result import Result

_just_shown: ref[Result] | None = None


def show_results_richly() -> None:
    """Teach the running IPython, if there is one, how to show a `Result`."""
    from IPython.core.getipython import get_ipython

    from hfmagic.inference.result import Result

    shell = get_ipython()
    if shell is not None:
        shell.display_formatter.mimebundle_formatter.for_type(Result, _bundle)
        shell.display_formatter.ipython_display_formatter.for_type(Result, _skip_if_just_shown)


def just_shown(result: Result) -> Result:
    """Mark `result` as being on the screen already, so that a cell that ends in it does not show it twice."""
    global _just_shown  # noqa: PLW0603 (the last one only)
    _just_shown = ref(result)
    return result


def _skip_if_just_shown(result: Result) -> None:
    """Show nothing once, in a terminal (which has printed ``Out[1]:`` already) one line.

    Raises
    ------
    NotImplementedError
        IPython's way to say "go on with the other formatters".
    """
    global _just_shown  # noqa: PLW0603
    if _just_shown is None or _just_shown() is not result:
        raise NotImplementedError
    _just_shown = None
    if not in_notebook():
        print(repr(result))  # noqa: T201


def _bundle(result: Result, **_: Any) -> dict[str, str]:
    return answer_bundle(result.text, theme=settings.theme)
