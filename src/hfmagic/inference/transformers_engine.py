"""The local engine: a causal language model through transformers, in this process."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hfmagic.core.errors import CancelledError, HFMagicError
from hfmagic.inference.load import load_model, quiet_transformers
from hfmagic.inference.prompt import build_prompt
from hfmagic.inference.store import store
from hfmagic.inference.text_stream import TextStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hfmagic.inference.request import Request
    from hfmagic.inference.store import Loaded
    from hfmagic.inference.work import Work

COLDEST = 1e-4  # below this temperature probabilities overflow, and sampling is greedy anyway


def generate(request: Request, work: Work) -> None:
    """Answer `request` with transformers; an `inference.engine.Engine`.

    Raises
    ------
    HFMagicError
        The model cannot be found, does not fit or cannot generate, or the prompt is longer than its context.
    CancelledError
        ``work.cancel`` was set before generation began.
    """
    key = (request.model, request.revision, request.dtype, request.device)
    loaded = store.get(key, lambda: load_model(request, work))
    work.model, work.revision, work.device = loaded.name, loaded.revision, loaded.device
    with _alone(loaded, work):
        _generate(loaded, request, work)


@contextmanager
def _alone(loaded: Loaded, work: Work) -> Iterator[None]:
    """Hold the model; an earlier answer that was stopped may still be computing its last step."""
    while not loaded.busy.acquire(timeout=0.05):
        work.say("waiting for the last step of the answer before")
        if work.cancel.is_set():
            raise CancelledError
    try:
        yield
    finally:
        loaded.busy.release()


def _generate(loaded: Loaded, request: Request, work: Work) -> None:
    import torch

    model, tokenizer = loaded.model, loaded.tokenizer
    work.prompt = build_prompt(tokenizer, request)
    with quiet_transformers():  # a prompt that is too long is refused below
        inputs = tokenizer(work.prompt, return_tensors="pt", add_special_tokens=request.raw or not tokenizer.chat_template)
    work.prompt_tokens = int(inputs["input_ids"].shape[1])
    room = _room(loaded, work.prompt_tokens)
    most = min(request.max_new_tokens, room)
    config = _generation_config(loaded, request, most)
    stream = TextStream(tokenizer, work, request.stop)
    work.ready()
    try:
        with torch.inference_mode(), _seeded(request.seed, model.device):
            model.generate(
                input_ids=inputs["input_ids"].to(model.device),
                attention_mask=inputs["attention_mask"].to(model.device),
                generation_config=config,
                streamer=stream,
                stopping_criteria=[_stop_when(lambda: stream.stopped or work.cancel.is_set())],
            )
    finally:
        stream.end()
        work.raw_text = tokenizer.decode(work.token_ids, skip_special_tokens=False)
    ended = stream.stopped or work.cancel.is_set() or (work.token_ids and work.token_ids[-1] in _end_ids(config))
    work.ended = "" if ended else "length"


def _room(loaded: Loaded, prompt_tokens: int) -> int:
    """Return how many new tokens the model's context leaves; a prompt that does not fit is refused, never cut silently."""
    context = getattr(loaded.model.config.get_text_config(), "max_position_embeddings", None)
    if context is None:
        return 2**31
    if prompt_tokens >= context:
        raise HFMagicError(
            f"the prompt has {prompt_tokens} tokens, {loaded.name} takes {context} in all",
            "shorten the prompt, begin the chat anew with --reset, or pick a model with a longer context",
        )
    return int(context) - prompt_tokens


def _generation_config(loaded: Loaded, request: Request, most: int) -> Any:
    """Return the model's own generation settings with the request's on top."""
    config = copy.deepcopy(loaded.model.generation_config)
    config.max_new_tokens, config.max_length, config.min_new_tokens = most, None, None
    config.num_beams = 1  # only one beam can be streamed
    greedy = request.temperature is not None and request.temperature < COLDEST
    asked = {"temperature": request.temperature, "top_p": request.top_p, "top_k": request.top_k}
    if greedy:
        config.do_sample = False
        config.temperature = config.top_p = config.top_k = None
    elif any(value is not None for value in asked.values()):
        config.do_sample = True
        for name, value in asked.items():
            if value is not None:
                setattr(config, name, value)
    if config.eos_token_id is None:
        config.eos_token_id = loaded.tokenizer.eos_token_id
    if config.pad_token_id is None:
        config.pad_token_id = next(iter(sorted(_end_ids(config))), 0)
    return config


def _end_ids(config: Any) -> set[int]:
    """Return the ids of the tokens that end an answer."""
    ids = config.eos_token_id
    if ids is None:
        return set()
    return {int(ids)} if isinstance(ids, int) else {int(one) for one in ids}


def _stop_when(asked: Callable[[], bool]) -> Callable[..., Any]:
    """Return a stopping criterion that ends every row once `asked` says so."""
    import torch

    answers: dict[bool, Any] = {}

    def criterion(input_ids: Any, _scores: Any, **_: object) -> Any:
        stop = asked()
        if stop not in answers:
            answers[stop] = torch.full((input_ids.shape[0],), stop, dtype=torch.bool, device=input_ids.device)
        return answers[stop]

    return criterion


@contextmanager
def _seeded(seed: int | None, device: Any) -> Iterator[None]:
    """Sample repeatably, and leave the notebook's own random state as it was."""
    import torch

    if seed is None:
        yield
        return
    cpu_state = torch.get_rng_state()
    cuda_state = torch.cuda.get_rng_state(device) if device.type == "cuda" else None
    mps_state = torch.mps.get_rng_state() if device.type == "mps" else None
    torch.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_rng_state(cpu_state)
        if cuda_state is not None:
            torch.cuda.set_rng_state(cuda_state, device)
        if mps_state is not None:
            torch.mps.set_rng_state(mps_state)
