"""Train the demo language model of hfmagic from nothing, on composed text.

Usage::

    python tools/demo/train.py --output src/hfmagic/inference/demo
    python tools/demo/train.py --check src/hfmagic/inference/demo

The first form writes the model folder: weights (float16 safetensors), tokenizer,
chat template and model card. The second form only measures the losses of a folder
and prints a few answers. The training has three parts, on text of different shares
(`SHARES`, `REVIEW` and `DRILL` in `grammar.py`). `--resume FOLDER --done N` goes on
after part N. The text comes from `grammar.py`; every choice is
seeded, so a second run with the same versions, the same number of threads and the
same kind of processor gives the same weights. Another processor may round
differently and so end with slightly different weights.

Measured on 2026-11-23 with Python 3.11 and torch 2.13.0 on an AMD EPYC processor, of
which two cores were shared with other work:

========================  ==========  ==========  ==========
Part                               1           2           3
========================  ==========  ==========  ==========
Batches of 2048 tokens          2400         450         400
Threads                            2           1           1
Wall time                     1731 s       447 s       650 s
Training loss at the end       0.252       0.272       0.285
Loss on fresh text             0.193       0.185       0.183
Loss on held-out stories       0.183       0.174       0.165
========================  ==========  ==========  ==========

A step takes about 0.25 s on two idle cores of this kind, so all three parts take about
15 minutes there. The losses are means in nats per token; the training loss of a part
is that of its own text, with a little of the words of the user in it.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import grammar
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 2026
VOCABULARY = 1536
SPECIAL = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
PAD, START, END = range(3)
USER_WEIGHT = 0.1
BATCH_TOKENS = 2048
WARM = 4096
LONGEST = 448
TEMPLATE = """\
{%- for message in messages -%}
{{- '<|im_start|>' + message['role'] + '\\n' -}}
{%- if message['content'] is string -%}
{{- message['content'] -}}
{%- else -%}
{%- for part in message['content'] if part['type'] == 'text' -%}
{{- part['text'] -}}
{%- endfor -%}
{%- endif -%}
{{- '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|im_start|>assistant\\n' -}}
{%- endif -%}
"""

Encoded = tuple[list[int], list[float]]
Batch = tuple[torch.Tensor, torch.Tensor]


def train_tokenizer(count: int = 12000) -> Tokenizer:
    """Return a byte-level BPE tokenizer trained on composed text.

    Parameters
    ----------
    count
        How many examples to read.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    stream = grammar.examples(SEED + 1)
    texts = []
    for _, item in zip(range(count), stream, strict=False):
        texts += [item] if isinstance(item, str) else [m["content"] for m in item]
    texts += ["system\n", "user\n", "assistant\n"] * 400
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def encode(tokenizer: Tokenizer, item: list[grammar.Message] | str) -> Encoded:
    """Return the token ids of an example and the weight of each in the loss.

    Parameters
    ----------
    tokenizer
        The trained tokenizer.
    item
        A chat, written as the chat template does, or a plain text.
    """
    if isinstance(item, str):
        ids = [*tokenizer.encode(item).ids, END]
        return ids, [1.0] * len(ids)
    ids, weights = [], []
    newline = tokenizer.encode("\n").ids
    for message in item:
        head = [START, *tokenizer.encode(message["role"] + "\n").ids]
        body = [*tokenizer.encode(message["content"]).ids, END]
        own = 1.0 if message["role"] == "assistant" else USER_WEIGHT
        ids += head + body + newline
        weights += [0.0] * len(head) + [own] * len(body) + [0.0] * len(newline)
    return ids, weights


def pad(rows: list[Encoded]) -> Batch:
    """Return the ids and weights of some examples as two tensors of one shape."""
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([ids + [PAD] * (width - len(ids)) for ids, _ in rows])
    weights = torch.tensor([w + [0.0] * (width - len(w)) for _, w in rows])
    return ids, weights


def batches(tokenizer: Tokenizer, seed: int, part: int, pool: int = 1024) -> Iterator[Batch]:
    """Yield batches of about `BATCH_TOKENS` tokens, of examples of like length."""
    rng = Random(seed)
    stream = grammar.examples(seed, 0 if part else WARM, part)
    while True:
        rows = [encode(tokenizer, next(stream)) for _ in range(pool)]
        rows = sorted((row for row in rows if len(row[0]) <= LONGEST), key=lambda row: len(row[0]))
        groups: list[list[Encoded]] = [[]]
        for row in rows:
            if groups[-1] and len(row[0]) * (len(groups[-1]) + 1) > BATCH_TOKENS:
                groups.append([])
            groups[-1].append(row)
        rng.shuffle(groups)
        yield from map(pad, groups)


def weighted_loss(model: LlamaForCausalLM, batch: Batch) -> torch.Tensor:
    """Return the mean loss of the next tokens, weighted."""
    ids, weights = batch
    keep = weights[:, 1:] > 0
    hidden = model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    logits = model.lm_head(hidden[keep])
    losses = torch.nn.functional.cross_entropy(logits, ids[:, 1:][keep], reduction="none")
    chosen = weights[:, 1:][keep]
    return (losses * chosen).sum() / chosen.sum()


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are made orthogonal, for the matrices of the layers.

    Parameters
    ----------
    params
        Matrices.
    lr
        Step size.
    momentum
        Share of the last step that is kept.
    """

    def __init__(self, params: list[torch.Tensor], lr: float, momentum: float = 0.95) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # noqa: ARG002
        """Take one step."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[torch.Tensor]] = {}
            for param in group["params"]:
                shapes.setdefault(param.shape, []).append(param)
            for shape, params in shapes.items():
                for param in params:
                    state = self.state[param]
                    state.setdefault("mean", torch.zeros_like(param))
                    state["mean"].lerp_(param.grad, 1 - group["momentum"])
                steps = torch.stack([p.grad.lerp(self.state[p]["mean"], group["momentum"]) for p in params])
                steps = orthogonal(steps) * max(1.0, shape[0] / shape[1]) ** 0.5
                for param, step in zip(params, steps, strict=True):
                    param.mul_(1 - group["lr"] * 0.01).add_(step, alpha=-group["lr"])


def orthogonal(matrices: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """Return nearly orthogonal matrices by the Newton-Schulz iteration."""
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(rounds):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.mT if tall else x


def new_model() -> LlamaForCausalLM:
    """Return the model with its first, random weights."""
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=128, intermediate_size=384, num_hidden_layers=4,
        num_attention_heads=4, num_key_value_heads=4, max_position_embeddings=2048,
        tie_word_embeddings=True, pad_token_id=PAD, bos_token_id=None, eos_token_id=END,
        initializer_range=0.03,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def train(model: LlamaForCausalLM, tokenizer: Tokenizer, steps: int, part: int) -> tuple[float, float]:
    """Train a model in place; return its last training loss and the seconds it took.

    Parameters
    ----------
    model
        The model.
    tokenizer
        The trained tokenizer.
    steps
        How many batches to train on.
    part
        The part of the training: 0, or 1 and 2 with smaller steps on other text.
    """
    model.train()
    layers = [p for p in model.model.layers.parameters() if p.ndim > 1]
    chosen = {id(p) for p in layers}
    others = [p for p in model.parameters() if id(p) not in chosen]
    optimizers = [
        Muon(layers, lr=0.02),
        torch.optim.AdamW(others, lr=4e-3, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    peaks = [o.param_groups[0]["lr"] * (0.5 if part else 1.0) for o in optimizers]
    recent: list[float] = []
    begin = time.perf_counter()
    for step, batch in zip(range(steps), batches(tokenizer, SEED + 10 * part, part), strict=False):
        share = min(1.0, (step + 1) / 40) * (0.02 + 0.98 * cosine(step / steps))
        for optimizer, peak in zip(optimizers, peaks, strict=True):
            optimizer.param_groups[0]["lr"] = peak * share
        loss = weighted_loss(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        recent = [*recent[-99:], loss.item()]
        if (step + 1) % 50 == 0:
            taken = time.perf_counter() - begin
            print(
                f"step {step + 1:5d}  loss {sum(recent) / len(recent):.3f}  {taken:.0f} s",
                flush=True,
            )
    model.eval()
    return sum(recent) / len(recent), time.perf_counter() - begin


def cosine(share: float) -> float:
    """Return the height of a falling half cosine at a share of its way."""
    return 0.5 * (1 + math.cos(math.pi * share))


@torch.no_grad()
def measure(model: LlamaForCausalLM, tokenizer: Tokenizer, count: int = 160) -> tuple[float, float]:
    """Return the loss on fresh text and on stories about held-out subjects.

    Only the words of the model count, not those of the user.

    Parameters
    ----------
    model
        The trained model.
    tokenizer
        Its tokenizer.
    count
        How many examples of each kind.
    """
    rng = Random(SEED + 2)
    fresh = [grammar.example(rng) for _ in range(count)]
    held = [grammar.chat(f"Tell me a story about {r.asked(rng)}.", grammar.tell(rng, r).text) for r in grammar.held_out_requests(count)]
    results = []
    for items in (fresh, held):
        rows = [encode(tokenizer, item) for item in items]
        rows = [(ids, [float(w == 1.0) for w in weights]) for ids, weights in rows]
        total = sum(weighted_loss(model, pad([row])).item() * sum(row[1]) for row in rows)
        results.append(total / sum(sum(weights) for _, weights in rows))
    return results[0], results[1]


def export(model: LlamaForCausalLM, tokenizer: Tokenizer, folder: Path, card: str) -> None:
    """Write the model folder.

    Parameters
    ----------
    model
        The trained model.
    tokenizer
        Its tokenizer.
    folder
        Where to write; made when missing.
    card
        Text of the model card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.half().contiguous() for k, v in model.state_dict().items() if k != "lm_head.weight"}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = model.config.to_dict() | {"architectures": ["LlamaForCausalLM"], "dtype": "float32"}
    config.pop("_name_or_path", None)
    generation = {
        "eos_token_id": END,
        "pad_token_id": PAD,
        "do_sample": False,
        "max_new_tokens": 256,
    }
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast", "eos_token": SPECIAL[END],
        "pad_token": SPECIAL[PAD], "model_max_length": 2048, "padding_side": "left",
        "clean_up_tokenization_spaces": False,
        "extra_special_tokens": {"im_start_token": SPECIAL[START]},
        "model_input_names": ["input_ids", "attention_mask"],
    }  # fmt: skip
    for name, content in [
        ("config.json", config),
        ("generation_config.json", generation),
        ("tokenizer_config.json", described),
    ]:
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    (folder / "chat_template.jinja").write_text(TEMPLATE, encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


CARD = """\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---

# hfmagic demo model

A toy language model of {parameters:,} parameters (Llama architecture, float16
weights) that comes with hfmagic, so that a notebook can show a model at work
without a network. It writes little stories about whatever it is asked for, and it
knows a few plain facts, short poems, lists, sums and Python functions. It knows
nothing else, it is not made for any real use, and what it says should not be
relied upon.

It was trained from nothing by `tools/demo/train.py` on text that
`tools/demo/grammar.py` composes. No other text was used.

| | |
| --- | --- |
| Steps | {steps} batches of about {batch} tokens |
| Training loss (mean of the last 100 steps) | {last:.3f} |
| Loss on fresh composed text | {fresh:.3f} |
| Loss on stories about held-out subjects | {held:.3f} |
| Training time | {minutes:.1f} minutes on {threads} threads of {processor} |
| Software | Python {python}, torch {torch} |
| Date | {date} |
| Licence | Apache-2.0 |

The losses are in nats per token. They cannot reach zero: the grammar chooses
between several sentences at every point of a story. The chat template follows
ChatML, and `<|im_end|>` ends an answer.
"""


def processor() -> str:
    """Return the name of the processor, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def check(folder: Path) -> None:
    """Print the losses of a model folder and the answers to some prompts."""
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    fresh, held = measure(model, tokenizer.backend_tokenizer)
    print(f"loss on fresh text {fresh:.3f}, on held-out subjects {held:.3f}")
    rng = Random(SEED)
    prompts = ["Tell me a story about a fox", "What is gravity?", "Write a poem about a quokka"]
    prompts += [f"Tell me a story about {r.asked(rng)}" for r in grammar.held_out_requests(6)]
    for prompt in prompts:
        inputs = tokenizer.apply_chat_template(grammar.chat(prompt), add_generation_prompt=True, return_tensors="pt", return_dict=True)
        output = model.generate(**inputs, max_new_tokens=256)[0, inputs["input_ids"].shape[1] :]
        print(f"\n> {prompt}\n{tokenizer.decode(output, skip_special_tokens=True)}")


def main() -> None:
    """Train and export, or check a model folder."""
    parser = argparse.ArgumentParser(description="Train the demo language model.")
    parser.add_argument("--output", type=Path, help="folder to write the model to")
    parser.add_argument("--check", type=Path, help="folder of a model to measure")
    parser.add_argument("--resume", type=Path, help="folder of a model that has had the first parts")
    parser.add_argument("--done", type=int, default=0, help="how many parts the resumed model has had")
    parser.add_argument("--steps", type=int, nargs="+", default=[2400, 450, 400], help="batches of each part")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--date", default="2026-11-23", help="date for the model card")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    if options.check:
        check(options.check)
    if not options.output:
        return
    tokenizer = train_tokenizer()
    model = new_model()
    if options.resume:
        model = LlamaForCausalLM.from_pretrained(options.resume, dtype=torch.float32)
    last = seconds = 0.0
    for part, steps in list(enumerate(options.steps))[options.done :]:
        last, taken = train(model, tokenizer, steps, part)
        seconds += taken
        model = model.half().float()  # what the file holds, so that a part can be resumed
    fresh, held = measure(model, tokenizer)
    count = sum(p.numel() for p in model.parameters())
    card = CARD.format(
        parameters=count, steps=" + ".join(map(str, options.steps)), batch=BATCH_TOKENS, last=last,
        fresh=fresh, held=held, minutes=seconds / 60, threads=options.threads, processor=processor(),
        python=platform.python_version(), torch=torch.__version__, date=options.date,
    )  # fmt: skip
    export(model, tokenizer, options.output, card)
    print(f"{count} parameters, loss {last:.3f}, fresh {fresh:.3f}, held-out {held:.3f}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
