"""The one quiet line under an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfmagic.display.text import duration, plain, size

if TYPE_CHECKING:
    from hfmagic.inference.result import Result


def footer(result: Result, note: str = "") -> str:
    """Return `result` in figures: model, new tokens, tokens per second, time to first token, peak memory.

    Parameters
    ----------
    result : Result
        Complete or cut short.
    note : str
        Something to add at the end.
    """
    tokens = result.usage.new_tokens
    timing = result.timing
    kept = {
        "": f"{tokens} tokens",
        "length": f"{tokens} tokens (cut there: --max-new-tokens)",
    }.get(result.stopped, f"stopped, {tokens} tokens kept")
    parts = [
        plain(result.model),
        kept,
        f"{timing.tokens_per_second:.0f} tok/s" if timing.tokens_per_second else "",
        f"first after {duration(timing.first_token)}" if timing.first_token is not None else "",
        f"peak {size(result.memory.peak)}" if result.memory.peak else "",
        note,
    ]
    return " · ".join(part for part in parts if part)
