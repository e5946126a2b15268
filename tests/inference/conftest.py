"""Real, tiny models, made on the spot: seeded random weights, a tokenizer trained on the standard library's own documentation."""

from __future__ import annotations

import inspect
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_model(
    folder: Path, *, template: str | None = CHATML, seed: int = 0, context: int = 256, dtype: str = "float32", **config: object
) -> Path:
    """Write a Llama of about 200 KB with its tokenizer into `folder`."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|pad|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([inspect.getdoc(thing) or "" for thing in (str, int, dict, list, Path, threading.Thread)], trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, pad_token="<|pad|>", eos_token="<|im_end|>")
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2} | config
    model = LlamaForCausalLM(
        LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=context, pad_token_id=0, eos_token_id=2, bos_token_id=None, **shape)
    )
    model.generation_config.eos_token_id = 2
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    return lambda name="model", **options: build_model(tmp_path_factory.mktemp(name), **options)


@pytest.fixture(autouse=True)
def _one_thread(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("torch"):
        import torch

        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _empty_store(monkeypatch: pytest.MonkeyPatch) -> None:
    from hfmagic.inference import store, transformers_engine

    monkeypatch.setattr(transformers_engine, "store", store.ModelStore())


class Screen:
    """A Stream that remembers what it was told, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pieces: list[str] = []
        self.ticks = 0
        self.on_tick: Callable[[Screen], None] = lambda _: None

    def progress(self, text: str, done: float | None = None) -> None:
        assert done is None or 0 <= done <= 1
        self.said.append(text)

    def write(self, text: str) -> None:
        self.pieces.append(text)

    def tick(self) -> None:
        self.ticks += 1
        self.on_tick(self)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@pytest.fixture
def screen() -> Screen:
    return Screen()
