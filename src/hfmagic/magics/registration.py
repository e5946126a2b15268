"""Make the words known to a shell, and take everything back."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from IPython.core.magic import needs_local_scope, no_var_expand
from traitlets import TraitError
from traitlets.config import Config

from hfmagic.core.errors import HFMagicError
from hfmagic.core.settings import settings
from hfmagic.magics.completion import complete_words
from hfmagic.magics.history import redact
from hfmagic.magics.lines import keep_lines
from hfmagic.magics.words import WORDS, dispatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from IPython.core.interactiveshell import InteractiveShell

    from hfmagic.magics.words import Word

_ABSENT = object()
_loaded: WeakKeyDictionary[InteractiveShell, contextlib.ExitStack] = WeakKeyDictionary()


def register(shell: InteractiveShell) -> None:
    """Give `shell` our words, their completion, the settings and the redaction of tokens; once, however often it is called."""
    if shell in _loaded:
        return
    with contextlib.ExitStack() as undo:
        _configure(shell, undo)
        undo.callback(redact(shell))
        undo.callback(complete_words(shell))
        undo.callback(keep_lines(shell))
        for word in WORDS:
            undo.callback(_register(shell, word))
        _loaded[shell] = undo.pop_all()


def unregister(shell: InteractiveShell) -> None:
    """Take back all that `register` did; what others have put in its place since is left alone."""
    undo = _loaded.pop(shell, None)
    if undo is not None:
        undo.close()


def _register(shell: InteractiveShell, word: Word) -> Callable[[], None]:
    def stub(line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> object:
        return dispatch(word, shell, line, cell, local_ns)

    def getdoc() -> str:
        return word.parser.format_help()

    no_var_expand(needs_local_scope(stub))
    stub.__name__ = stub.__qualname__ = word.name
    stub.__doc__ = word.summary
    stub.getdoc = getdoc  # type: ignore[attr-defined]
    manager = shell.magics_manager
    tables = [manager.magics["line"], manager.magics["cell"], vars(manager.user_magics)]
    before = [table.get(word.name, _ABSENT) for table in tables]
    manager.register_function(stub, "line_cell", word.name)

    def undo() -> None:
        for table, previous in zip(tables, before, strict=True):
            if table.get(word.name) is not stub:
                continue
            if previous is _ABSENT:
                del table[word.name]
            else:
                table[word.name] = previous

    return undo


def _configure(shell: InteractiveShell, undo: contextlib.ExitStack) -> None:
    """Take ``c.HFMagic.… = …`` of ipython_config.py, and be listed by ``%config``."""
    name = type(settings).__name__
    try:
        settings.update_config(Config({name: shell.config[name]}) if name in shell.config else Config())
    except TraitError as error:
        raise HFMagicError(
            f"a setting of c.{name} in ipython_config.py is wrong, or was set so with %config: {error}",
            f"correct it there or with %config {name}.NAME = VALUE, and load hfmagic again",
        ) from error
    listed: list[Any] = shell.configurables
    if settings not in listed:
        listed.append(settings)
        undo.callback(_discard, listed, settings)


def _discard(items: list[Any], item: object) -> None:
    with contextlib.suppress(ValueError):
        items.remove(item)
