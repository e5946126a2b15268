"""How a `Result` looks as a cell's last value: its answer as safe Markdown; nothing when it was just streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from hfmagic.core.settings import settings
from hfmagic.display.answer import answer_bundle, in_notebook

if TYPE_CHECKING:
    from hfmagic.inference.result import Result

_shown_in: tuple[int, ref[Result]] | None = None  # the cell's number, and the result that it streamed


def show_results_richly() -> None:
    """Teach the running IPython, if there is one, how to show a `Result`."""
    from IPython.core.getipython import get_ipython

    from hfmagic.inference.result import Result

    formatter = getattr(get_ipython(), "display_formatter", None)
    if formatter is not None:
        formatter.mimebundle_formatter.for_type(Result, _bundle)
        formatter.ipython_display_formatter.for_type(Result, _skip_if_just_shown)


def just_shown(result: Result) -> Result:
    """Mark `result` as being on the screen already, so that the cell that streamed it does not show it a second time."""
    global _shown_in  # noqa: PLW0603 (the last one only)
    _shown_in = (_cell_number(), ref(result))
    return result


def _skip_if_just_shown(result: Result) -> None:
    """Show nothing, in a terminal (which has printed ``Out[1]:`` already) one line.

    Raises
    ------
    NotImplementedError
        IPython's way to say "go on with the other formatters".
    """
    if _shown_in is None or _shown_in[0] != _cell_number() or _shown_in[1]() is not result:
        raise NotImplementedError
    if not in_notebook():
        print(repr(result))  # noqa: T201


def _cell_number() -> int:
    from IPython.core.getipython import get_ipython

    return int(getattr(get_ipython(), "execution_count", 0))


def _bundle(result: Result, **_: Any) -> dict[str, str]:
    return answer_bundle(result.text, theme=settings.theme)
