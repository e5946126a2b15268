"""What is asked of a model: one frozen `Request`, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from hfmagic.core.errors import HFMagicError

MOST_TEMPERATURE = 100


NUMBERS: dict[str, type | tuple[type, ...]] = {
    "max_new_tokens": int,
    "temperature": (int, float),
    "top_p": (int, float),
    "top_k": int,
    "seed": int,
    "timeout": (int, float),
}


class Message(TypedDict):
    """One turn of a conversation, as chat templates take it."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to one model.

    Parameters
    ----------
    messages : tuple of Message
        The conversation; the last turn is the one to answer.
    model : str
        A Hub id (``org/name``), a local folder, or ``demo``.
    revision : str, optional
        Branch, tag or commit of a Hub model.
    raw : bool
        Give the last turn to the model as it stands, without the chat template.
    max_new_tokens : int
        Most tokens to generate (>= 1).
    temperature : float, optional
        0 is greedy; above 0 samples; None leaves it to the model's own generation_config.
    top_p : float, optional
        Nucleus sampling: the share of probability to sample from, in (0, 1].
    top_k : int, optional
        Sample from the k most probable tokens (>= 1).
    seed : int, optional
        Makes sampling repeatable on the same machine; the notebook's own random state is left alone.
    stop : tuple of str
        Strings that end the answer; they are not part of it.
    dtype, device : str
        ``auto`` or torch's own words (``bfloat16``, ``cuda:1``).
    timeout : float, optional
        Seconds after which the answer is stopped, loading included.

    Raises
    ------
    HFMagicError
        A value is outside its range.
    """

    messages: tuple[Message, ...]
    model: str
    revision: str | None = None
    raw: bool = False
    max_new_tokens: int = 512
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    dtype: str = "auto"
    device: str = "auto"
    timeout: float | None = None
    task: str = "text-generation"

    def __post_init__(self) -> None:
        for name, kinds in NUMBERS.items():
            value = getattr(self, name)
            if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
                raise HFMagicError(f"{name} is {value!r}", "give a whole number" if kinds is int else "give a number")
        if not all(isinstance(stop, str) for stop in self.stop):
            raise HFMagicError(f"stop is {self.stop!r}", "give a string or a list of strings")
        checks = (
            (self.max_new_tokens >= 1, f"max_new_tokens is {self.max_new_tokens}", "ask for at least 1 token"),
            (
                self.temperature is None or 0 <= self.temperature <= MOST_TEMPERATURE,
                f"temperature is {self.temperature}",
                "0 is greedy; usual values are 0.2 to 1.2, the most is 100",
            ),
            (self.top_p is None or 0 < self.top_p <= 1, f"top_p is {self.top_p}", "give a share above 0 and up to 1, such as 0.9"),
            (self.top_k is None or self.top_k >= 1, f"top_k is {self.top_k}", "give a whole number from 1, such as 50"),
            (self.seed is None or 0 <= self.seed < 2**64, f"seed is {self.seed}", "give a whole number from 0 to 2**64 - 1"),
            (self.timeout is None or self.timeout > 0, f"timeout is {self.timeout}", "give seconds above 0; leave it out for no limit"),
            (all(self.stop), "an empty stop string would end every answer at once", "give at least one character"),
        )
        for right, what, hint in checks:
            if not right:
                raise HFMagicError(what, hint)
