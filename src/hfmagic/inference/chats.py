"""Conversations that go on from cell to cell, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfmagic.inference.request import Message

chats: dict[str, list[Message]] = {}
"""The turns of each conversation, the system turn first where there is one; ``hfmagic.chats`` in the notebook."""


def with_history(name: str, prompt: list[Message], *, reset: bool) -> list[Message]:
    """Return the conversation `name` with `prompt` after it.

    Parameters
    ----------
    name : str
        Which conversation; a new name begins one.
    prompt : list of Message
        New turns; a system turn in them takes the place of the one before.
    reset : bool
        Forget what was said so far.
    """
    before = [] if reset else chats.get(name, [])
    if prompt[0]["role"] == "system":
        before = [turn for turn in before if turn["role"] != "system"]
        return [prompt[0], *before, *prompt[1:]]
    return [*before, *prompt]
