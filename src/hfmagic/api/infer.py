"""``hfmagic.infer``: one prompt, one model, one answer; the function behind ``%hf_infer``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from os import fspath
from typing import TYPE_CHECKING

from hfmagic.core.errors import HFMagicError, PromptError
from hfmagic.core.settings import settings
from hfmagic.display.answer import open_answer
from hfmagic.display.footer import footer
from hfmagic.display.result import show_results_richly
from hfmagic.inference.chats import chats, with_history
from hfmagic.inference.formats import value_of
from hfmagic.inference.request import Message, Request
from hfmagic.inference.run import run
from hfmagic.widgets.stop import stop_button

if TYPE_CHECKING:
    from os import PathLike

    from hfmagic.display.answer import Answer
    from hfmagic.inference.result import Result
    from hfmagic.widgets.stop import StopButton

DEMO = "demo"
FORMATS = ("markdown", "text", "json", "code")


def infer(  # noqa: PLR0913 (one keyword per option of the magic)
    prompt: str | Sequence[Message],
    *,
    model: str | PathLike[str] = "",
    system: str = "",
    max_new_tokens: int | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    seed: int | None = None,
    stop: str | Sequence[str] = (),
    dtype: str = "auto",
    device: str = "auto",
    revision: str | None = None,
    chat: str = "",
    reset: bool = False,
    raw: bool = False,
    timeout: float | None = None,
    format: str = "markdown",  # noqa: A002 (the magic's word)
    stream: bool = False,
) -> Result:
    """Run a model on a prompt.

    Parameters
    ----------
    prompt : str or sequence of Message
        What to answer; a conversation as a list of ``{"role": …, "content": …}`` is taken too.
    model : str or path
        A Hub id (``org/name``), a local folder or ``demo``. Empty: the default model of the settings, else ``demo``.
    system : str
        The system message.
    max_new_tokens : int, optional
        Most tokens of the answer; by default ``settings.max_new_tokens``.
    temperature, top_p, top_k : float, float, int, optional
        Sampling; by default what the model's own ``generation_config`` says. A temperature of 0 is greedy.
    seed : int, optional
        Makes sampling repeatable on the same machine.
    stop : str or sequence of str
        Strings that end the answer; they are not part of it.
    dtype, device : str
        ``auto`` or torch's own words.
    revision : str, optional
        Branch, tag or commit of a Hub model.
    chat : str
        Name of a conversation to go on with; see ``hfmagic.chats``.
    reset : bool
        Begin that conversation anew.
    raw : bool
        Give the prompt to the model as it stands, without chat template.
    timeout : float, optional
        Seconds after which the answer is stopped, loading included; by default ``settings.timeout``.
    format : {"markdown", "text", "json", "code"}
        How the answer is shown, and what ``result.value`` holds.
    stream : bool
        Show the answer while it is made, in the notebook or the terminal.

    Returns
    -------
    Result
        The answer; ``str(result)`` is its text.

    Raises
    ------
    PromptError
        The prompt is empty.
    Interrupted, TimedOutError, HFMagicError
        It was stopped or failed; ``error.result`` holds what was made so far.
    """
    if not isinstance(stop, (str, Sequence)):
        raise HFMagicError(f"stop is {stop!r}", "give a string or a list of strings")
    if format not in FORMATS:
        raise HFMagicError(f"there is no format {format!r}", f"use one of {', '.join(FORMATS)}")
    messages = _messages(prompt, system)
    request = Request(
        messages=tuple(with_history(chat, messages, reset=reset) if chat else messages),
        model=fspath(model) or settings.default_model or DEMO,
        revision=revision,
        raw=raw,
        max_new_tokens=settings.max_new_tokens if max_new_tokens is None else max_new_tokens,
        temperature=temperature,
        top_p=top_p,
        top_k=top_k,
        seed=seed,
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
        dtype=dtype,
        device=device,
        timeout=timeout if timeout is not None else settings.timeout or None,
    )
    show_results_richly()
    result = _answered(request, format, chosen=bool(fspath(model) or settings.default_model), shown=stream)
    if chat:
        chats[chat] = list(result.messages)
    return result


def _messages(prompt: str | Sequence[Message], system: str) -> list[Message]:
    turns = [Message(role="user", content=prompt)] if isinstance(prompt, str) else prompt
    if not isinstance(turns, (list, tuple)) or not all(_is_message(turn) for turn in turns):
        raise PromptError("the prompt is neither text nor a conversation", 'give a string, or a list of {"role": "user", "content": "…"}')
    turns = list(turns)
    if not turns or not turns[-1]["content"].strip():
        raise PromptError("the prompt is empty", "write it behind %hf_infer, or under %%hf_infer")
    return [Message(role="system", content=system), *turns] if system else turns


def _is_message(turn: object) -> bool:
    return isinstance(turn, dict) and all(isinstance(turn.get(key), str) for key in ("role", "content"))


def _answered(request: Request, answer_format: str, *, chosen: bool, shown: bool) -> Result:
    """Run `request` on the screen; whatever happens, the last state is complete and the button is gone."""
    cancel = threading.Event()
    button = stop_button(cancel) if shown else None
    answer = open_answer(answer_format, theme=settings.theme, controls=button.bundle if button else None, quiet=not shown)
    try:
        result = run(request, _Live(answer, button), cancel)
        _finish(answer, result, chosen=chosen)
        return _with_value(result, answer_format)
    except (HFMagicError, KeyboardInterrupt) as error:
        kept = getattr(error, "result", None)
        if kept is not None and kept.text:
            _finish(answer, kept, chosen=chosen)
        raise
    finally:
        answer.close()
        if button:
            button.close()


def _finish(answer: Answer, result: Result, *, chosen: bool) -> None:
    answer.finish(result.text, footer(result, _toy_note(result, chosen=chosen)))


def _with_value(result: Result, answer_format: str) -> Result:
    try:
        return replace(result, value=value_of(result.text, answer_format))
    except HFMagicError as error:
        error.result = result
        raise


_toy_said = False


def _toy_note(result: Result, *, chosen: bool) -> str:
    """Say that the demo is a toy: whenever nobody asked for it, else once."""
    global _toy_said  # noqa: PLW0603 (once per kernel)
    if result.model != DEMO or (chosen and _toy_said):
        return ""
    _toy_said = True
    return "the demo model is a toy that knows little stories" + ("" if chosen else "; pick a real one with -m org/name")


class _Live:
    """The answer on the screen and the button under it, as one `core.protocols.Stream`."""

    def __init__(self, answer: Answer, button: StopButton | None) -> None:
        self.progress = answer.progress
        self.write = answer.write
        self._answer = answer
        self._button = button

    def tick(self) -> None:
        if self._button:
            self._button.poll()
        self._answer.tick()
