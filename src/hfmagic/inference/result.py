"""What came back: one frozen `Result`, whatever the engine, complete or cut short."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hfmagic.inference.request import Message

SHOWN = 60  # characters of the answer in a repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens: of the prompt as the model got it (template included), and new ones (the end token included)."""

    prompt_tokens: int
    new_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds.

    Attributes
    ----------
    load : float
        Until the model was ready; near 0 when it was in memory already.
    first_token : float or None
        From the ready model to the first token; None when there was none.
    total : float
        The whole request, loading included.
    tokens_per_second : float or None
        New tokens divided by ``total - load``.
    """

    load: float
    first_token: float | None
    total: float
    tokens_per_second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Peak bytes during the request: of this process (RSS) on a CPU, of torch's allocations on a GPU; None when unknown."""

    peak: int | None
    device: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, weakref_slot=True)
class Result:
    """An answer and all that is known of how it came about. ``str(result)`` is the text.

    Attributes
    ----------
    text : str
        The answer; as far as it got when `stopped` is set.
    messages : tuple of Message
        The conversation with the answer as its last turn.
    model, revision : str
        What answered; the revision is the commit of a Hub model, None for a local folder.
    task : str
        The Hub's name of the task.
    usage, timing, memory : Usage, Timing, Memory
        What it took.
    stopped : str
        Empty when the model ended by itself, else what ended the answer: ``length`` (max_new_tokens or the context), ``button``,
        ``interrupt``, ``timeout`` or ``error``.
    raw : mapping
        What the model was given and gave: ``prompt`` (str, after the template), ``token_ids`` (list of int, new tokens),
        ``text`` (str, special tokens included).
    value : object
        Parsed answer for the formats ``json`` (the object) and ``code`` (the source), else None.
    """

    text: str
    messages: tuple[Message, ...]
    model: str
    revision: str | None
    task: str
    usage: Usage
    timing: Timing
    memory: Memory
    stopped: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)
    value: object = None

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        start = self.text if len(self.text) <= SHOWN else self.text[: SHOWN - 1] + "…"
        stopped = f", stopped by {self.stopped}" if self.stopped else ""
        return f"<Result of {self.model}: {self.usage.new_tokens} tokens{stopped}: {start!r}>"
