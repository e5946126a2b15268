"""Errors that say what happened and what to do next.

A front end shows an exception through its ``_render_traceback_`` method when it has one, and still reports the cell as failed;
so "Run all", papermill and CI stop, and the reader sees five lines instead of two hundred.
"""

from __future__ import annotations

import traceback

from hfmagic.core.tokens import mask_tokens

MOST_LINES = 5


class ShortTraceback(BaseException):
    """Base that draws an exception as a few lines: what, what next, and why.

    Attributes
    ----------
    hint : str
        What the user can do next; empty when there is nothing to add.
    result : object or None
        What was produced before the error (an ``inference.Result``), so that nothing is lost.
    debug : bool
        Draw the full traceback, with its causes, instead.
    """

    hint: str = ""
    result: object = None
    debug: bool = False

    def __init__(self, message: str = "", hint: str = "", *, result: object = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.result = result

    def _render_traceback_(self) -> list[str]:
        if self.debug:
            text = "".join(traceback.format_exception(type(self), self, self.__traceback__))
            return mask_tokens(text).splitlines()
        lines = [f"{type(self).__name__}: {line}" if i == 0 else f"  {line}" for i, line in enumerate(str(self).splitlines() or [""])]
        tail = [f"  {line}" if i else f"→ {line}" for i, line in enumerate(self.hint.splitlines())]
        cause = self.__cause__
        if cause is not None and not isinstance(cause, ShortTraceback):
            tail.append(f"  cause: {type(cause).__name__} (--debug shows the full traceback)")
        room = MOST_LINES - len(tail)
        return [mask_tokens(line) for line in (lines[: max(room, 1)] + tail)[:MOST_LINES]]


class HFMagicError(ShortTraceback, Exception):
    """Base of every error that hfmagic raises.

    Parameters
    ----------
    message : str
        What happened, in one sentence.
    hint : str, optional
        What to do next.
    result : object, optional
        What was produced before the error.
    """


class LineError(HFMagicError, ValueError):
    """The magic's line cannot be understood."""


class PromptError(HFMagicError, ValueError):
    """The prompt cannot be made: empty, or a ``{{name}}`` in it is unknown."""


class MissingPackageError(HFMagicError):
    """An optional package is not installed.

    It is no ``ImportError`` on purpose: Colab appends advice of its own to those.

    Parameters
    ----------
    package : str
        The import that failed.
    extra : str
        The extra of hfmagic that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}, which is not installed", f"%pip install 'hfmagic[{extra}]'")


class CancelledError(HFMagicError):
    """The work was asked to stop; raised in worker threads, caught by whoever asked."""


class TimedOutError(HFMagicError, TimeoutError):
    """The user's own limit passed; what was produced so far is in ``result``."""


class Interrupted(ShortTraceback, KeyboardInterrupt):
    """The user interrupted; what was produced so far is in ``result``."""


def shortened(error: BaseException) -> HFMagicError:
    """Wrap any exception in one that is drawn short, keeping it as ``__cause__``.

    Parameters
    ----------
    error : BaseException
        The exception that was not foreseen.

    Returns
    -------
    HFMagicError
        One sentence with the exception's type and first line; raise it ``from`` the original.
    """
    first = (str(error).strip().splitlines() or ["no message"])[0]
    return HFMagicError(f"{type(error).__name__}: {first}", "--debug shows the full traceback")
