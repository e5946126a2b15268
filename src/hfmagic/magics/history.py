"""No Hub token is kept in the notebook's history, in the source lines of tracebacks, or in a session log.

What was typed reaches the front end (the notebook file, and its echo ``execute_input``) before any extension can act: a token that was
typed must be rotated. Nothing else keeps it: `In`, `_i*`, ``%history``, history.sqlite and the results' own ``info`` get ``hf_***``.
"""

from __future__ import annotations

import contextlib
import linecache
import sqlite3
from typing import TYPE_CHECKING, Any

from hfmagic.core.tokens import TOKEN, has_token, mask_tokens
from hfmagic.magics.hooks import Hook

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell


def redact(shell: InteractiveShell) -> Callable[[], None]:
    """Mask tokens in what the shell keeps of each cell from now on, and in what it has kept; return what undoes it."""
    undo = contextlib.ExitStack()
    for owner, method in ((shell.history_manager, "store_inputs"), (shell.logger, "log")):
        undo.callback(Hook(owner, method, _with_masked_strings).remove)
    undo.callback(Hook(shell.compile, "cache", _with_masked_source).remove)
    shell.events.register("pre_run_cell", _mask_info)
    undo.callback(shell.events.unregister, "pre_run_cell", _mask_info)
    _mask_kept(shell)
    return undo.close


def _with_masked_strings(method: Callable[..., Any]) -> Callable[..., Any]:
    def masked(*args: Any, **options: Any) -> Any:
        return method(*map(_masked, args), **{name: _masked(value) for name, value in options.items()})

    return masked


def _with_masked_source(cache: Callable[..., str]) -> Callable[..., str]:
    """Let the source that tracebacks show be masked, columns kept; the code that runs is not touched."""

    def masked(transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        return cache(_starred(transformed_code), number, raw_code=transformed_code if raw_code is None else raw_code)

    return masked


def _mask_info(info: ExecutionInfo) -> None:
    """Mask what ``last_execution_result.info`` and other extensions' callbacks see; the cell itself has been read already."""
    info.raw_cell = _masked(info.raw_cell)


def _starred(source: str) -> str:
    return TOKEN.sub(lambda token: "hf_" + "*" * (len(token.group()) - 3), source)


def _mask_kept(shell: InteractiveShell) -> None:
    """Mask the cells of this session that were run before, and the one that runs."""
    for sources in (linecache.cache, getattr(linecache, "_ipython_cache", {})):  # IPython 7 has a second one
        for name, entry in list(sources.items()):
            if len(entry) > 1 and any(map(has_token, entry[2])):
                sources[name] = (*entry[:2], [_starred(line) for line in entry[2]], *entry[3:])
    history = shell.history_manager
    if history is None:
        return
    found = [number for number, source in enumerate(history.input_hist_raw) if has_token(source)]
    for cells in (history.input_hist_raw, history.input_hist_parsed):
        cells[:] = [mask_tokens(source) for source in cells]
    for name in ("_i00", "_i", "_ii", "_iii"):
        setattr(history, name, mask_tokens(getattr(history, name)))
    for name in [name for name in shell.user_ns if name in {"_i", "_ii", "_iii"} or (name.startswith("_i") and name[2:].isdigit())]:
        shell.user_ns[name] = _masked(shell.user_ns[name])
    with history.db_input_cache_lock:
        history.db_input_cache[:] = [(number, mask_tokens(source), mask_tokens(raw)) for number, source, raw in history.db_input_cache]
    if found:
        _mask_file(history, found)


def _mask_file(history: HistoryManager, cells: list[int]) -> None:
    """Overwrite this session's rows that are in history.sqlite already."""
    with contextlib.suppress(sqlite3.Error), history.db:
        history.db.execute("PRAGMA secure_delete = ON")
        for cell in cells:
            row = (history.input_hist_parsed[cell], history.input_hist_raw[cell], history.session_number, cell)
            history.db.execute("UPDATE history SET source = ?, source_raw = ? WHERE session = ? AND line = ?", row)


def _masked(value: Any) -> Any:
    return mask_tokens(value) if isinstance(value, str) else value
