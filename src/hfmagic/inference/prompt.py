"""From a conversation to the text that a model is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfmagic.core.errors import HFMagicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfmagic.inference.request import Message, Request


def build_prompt(tokenizer: Any, request: Request) -> str:
    """Return the prompt of `request`: through the tokenizer's chat template, plain where it has none.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        Its ``chat_template`` decides the form.
    request : Request
        With ``raw`` the last turn goes as it stands.

    Raises
    ------
    HFMagicError
        The chat template refuses the conversation.
    """
    if request.raw:
        return request.messages[-1]["content"]
    if not tokenizer.chat_template:
        return "\n\n".join(message["content"] for message in request.messages)
    try:
        return _templated(tokenizer, request.messages)
    except Exception as error:
        if request.messages[0]["role"] == "system":  # some templates know no system turn: it then leads the first question
            return _templated(tokenizer, _without_system(request.messages))
        raise HFMagicError(
            f"the chat template of {request.model} refuses this conversation: {error}", "--raw sends the prompt as it stands"
        ) from error


def _templated(tokenizer: Any, messages: Sequence[Message]) -> str:
    text: str = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
    return text


def _without_system(messages: Sequence[Message]) -> list[Message]:
    system, first, *rest = messages
    return [{"role": first["role"], "content": f"{system['content']}\n\n{first['content']}"}, *rest]
