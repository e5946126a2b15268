"""What streaming costs: ``%hf_infer`` in a real kernel beside bare ``model.generate`` of the same model and settings.

Each round measures every way once, in the order A B C C B A, so that a machine that grows slower or faster touches all alike. The
figure is tokens per second of generation (prefill included, loading excluded); overhead is the median over the rounds of
``1 - way / bare`` within the same round.

    python benchmarks/stream.py [--rounds 8] [--tokens 300]

Needs the extra `local` and ipykernel. Writes a Markdown table to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from jupyter_client.manager import start_new_kernel

SETUP = r"""
%load_ext hfmagic
import copy, json, threading, time
from pathlib import Path
import torch
from IPython.display import Markdown, display
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, TextIteratorStreamer
torch.set_num_threads(1)
import hfmagic
from hfmagic.inference import load
from hfmagic.inference.store import store

def random_model(folder, hidden, layers):
    tokenizer = AutoTokenizer.from_pretrained(load.DEMO_FOLDER)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=len(tokenizer), hidden_size=hidden, intermediate_size=4 * hidden, num_hidden_layers=layers,
                         num_attention_heads=8, max_position_embeddings=4096, bos_token_id=None, eos_token_id=None, pad_token_id=0)
    model = LlamaForCausalLM(config)
    model.generation_config.eos_token_id = None
    model.save_pretrained(folder)
    return folder, sum(p.numel() for p in model.parameters())

def prepare(folder, tokens):
    global loaded, inputs, config, options
    options = dict(model=str(folder), max_new_tokens=tokens, temperature=0.0)
    hfmagic.infer("Tell me a story about a fox", **options | dict(max_new_tokens=4))
    loaded = next(reversed(store._models.values()))
    loaded.model.generation_config.eos_token_id = -1   # nothing ends early: every way makes the same number of tokens
    messages = [dict(role="user", content="Tell me a story about a fox")]
    text = loaded.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    inputs = loaded.tokenizer(text, return_tensors="pt", add_special_tokens=False)
    config = copy.deepcopy(loaded.model.generation_config)
    config.max_new_tokens, config.do_sample, config.temperature, config.top_p, config.top_k = tokens, False, None, None, None

def bare():
    with torch.inference_mode():
        ids = loaded.model.generate(**inputs, generation_config=config)
    return ids.shape[1] - inputs["input_ids"].shape[1]

def ours():
    result = hfmagic.infer("Tell me a story about a fox", stream=True, **options)
    return result.usage.new_tokens

def recipe():
    "The usual notebook recipe: a TextIteratorStreamer, and the whole Markdown again for each piece."
    streamer = TextIteratorStreamer(loaded.tokenizer, skip_prompt=True, skip_special_tokens=True)
    thread = threading.Thread(target=loaded.model.generate, kwargs=dict(**inputs, generation_config=config, streamer=streamer))
    handle, text = display(Markdown(""), display_id=True), ""
    thread.start()
    for piece in streamer:
        text += piece
        handle.update(Markdown(text))
    thread.join()
    return config.max_new_tokens

def measure(way):
    start = time.perf_counter()
    tokens = globals()[way]()
    return tokens / (time.perf_counter() - start)
"""

WAYS = {"bare": "bare `model.generate`", "ours": "`%hf_infer`, streamed", "recipe": "`TextIteratorStreamer` + `Markdown` per piece"}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=300)
    arguments = parser.parse_args()
    os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    manager, client = start_new_kernel(kernel_name="python3")

    def run(code: str) -> str:
        printed: list[str] = []

        def hook(message: dict) -> None:
            if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                printed.append(message["content"]["text"])
            elif message["msg_type"] == "error":
                sys.stderr.write("\n".join(message["content"]["traceback"]) + "\n")

        reply = client.execute_interactive(code, output_hook=hook, timeout=600)
        if reply["content"]["status"] != "ok":
            raise SystemExit(1)
        return "".join(printed)

    try:
        run(SETUP)
        print(
            f"Python {platform.python_version()}, {platform.machine()}, one thread, {arguments.tokens} tokens, {arguments.rounds} rounds.\n"
        )
        print("| model | way | tok/s (median) | overhead (median) | overhead (min … max) |")
        print("| --- | --- | ---: | ---: | ---: |")
        with tempfile.TemporaryDirectory() as scratch:
            models = {"demo": "load.DEMO_FOLDER"}
            for name, hidden, layers in (("random Llama", 512, 8),):
                folder = Path(scratch) / "random"
                parameters = int(run(f"_, n = random_model({str(folder)!r}, {hidden}, {layers}); print(n)"))
                models[f"{name}, {parameters / 1e6:.0f}M parameters"] = repr(str(folder))
            for name, folder_code in models.items():
                run(f"prepare({folder_code}, {arguments.tokens})")
                table(name, [one_round(run) for _ in range(arguments.rounds)])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def one_round(run: object) -> dict[str, float]:
    """Measure every way twice, there and back; return the mean tokens per second of each."""
    order = [*WAYS, *reversed(WAYS)]
    figures: dict[str, list[float]] = {way: [] for way in WAYS}
    for way in order:
        figures[way].append(float(json.loads(run(f"print(json.dumps(measure({way!r})))").strip().splitlines()[-1])))
    return {way: statistics.mean(values) for way, values in figures.items()}


def table(model: str, rounds: list[dict[str, float]]) -> None:
    """Print the rows of one model."""
    for way, label in WAYS.items():
        overheads = sorted(100 * (1 - one[way] / one["bare"]) for one in rounds)
        speed = statistics.median(one[way] for one in rounds)
        shown = "–" if way == "bare" else f"{statistics.median(overheads):.1f} %"
        spread = "–" if way == "bare" else f"{overheads[0]:.1f} … {overheads[-1]:.1f} %"
        print(f"| {model} | {label} | {speed:.0f} | {shown} | {spread} |", flush=True)


if __name__ == "__main__":
    main()
