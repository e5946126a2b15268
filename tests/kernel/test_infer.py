"""``%hf_infer`` with real models in a real kernel."""

from __future__ import annotations

import time

import pytest

pytestmark = pytest.mark.torch


@pytest.fixture
def ready(kernel):
    kernel.run("%load_ext hfmagic").check()
    return kernel


def test_the_demo_answers_and_says_once_that_it_is_a_toy(ready):
    reply = ready.run("%hf_infer -m demo Tell me a story about a fox").check()
    assert "fox" in reply.text
    assert "demo · " in reply.text
    assert " tok/s · first after " in reply.text
    assert " · peak " in reply.text
    assert "toy" in reply.text
    assert not reply.of("stream")
    assert "toy" not in ready.run("%hf_infer -m demo Tell me a story about a bear").check().text
    unasked = ready.run("%hf_infer Tell me a story about a bear").check().text
    assert "toy" in unasked
    assert "-m org/name" in unasked


def test_the_text_of_the_cell_is_that_of_the_function(ready):
    ready.run("import hfmagic\na = hfmagic.infer('Tell me a story about a fox', model='demo', temperature=0)").check()
    ready.run("%%hf_infer -m demo --temperature 0 --quiet\nTell me a story about a fox").check()
    assert ready.run("a.text == _hf.text, a.usage == _hf.usage").check().text.strip() == "(True, True)"


LONG = """
import torch, threading
from pathlib import Path
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from hfmagic.inference.load import DEMO_FOLDER
torch.set_num_threads(1)
tokenizer = AutoTokenizer.from_pretrained(DEMO_FOLDER); tokenizer.save_pretrained('long')
LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=4, num_attention_heads=4,
    max_position_embeddings=100_000, bos_token_id=None, eos_token_id=None, pad_token_id=0)).save_pretrained('long')
"""


def test_the_stop_button_of_the_notebook_ends_it_within_a_second(ready):
    ready.run(LONG).check()
    ready.run("%hf_infer -m ./long --max-new-tokens 1 warm up").check()
    pressed = []

    def stop(message):
        data = message["content"].get("data", {})
        if not pressed and message["msg_type"] == "update_display_data" and len(data.get("text/plain", "")) > 40:
            pressed.append(time.monotonic())
            ready.interrupt()

    reply = ready.run("%%hf_infer -m ./long --max-new-tokens 50000\nhello", on_message=stop)
    seconds = time.monotonic() - pressed[0]
    assert reply.ename == "Interrupted"
    assert seconds < 20, "a bound against hanging, not a measurement"
    ready.run(
        "for thread in threading.enumerate():\n    'hfmagic' in thread.name and thread.join(10)  # a busy machine may take its time"
    ).check()
    after = ready.run(
        "print([t.name for t in threading.enumerate() if 'hfmagic' in t.name], _hf.stopped, _hf.usage.new_tokens > 5)"
    ).check()
    assert after.text == "[] interrupt True\n"
    assert ready.run("%hf_infer -m ./long --max-new-tokens 3 again").check().status == "ok"


def test_nothing_of_transformers_is_printed(ready):
    ready.run(LONG).check()
    reply = ready.run("%%hf_infer -m ./long --max-new-tokens 5 --temperature 0 --dtype bfloat16\nhello").check()
    assert not reply.of("stream")


def test_without_torch_the_extra_is_named(ready):
    ready.run("import sys; sys.modules['torch'] = None").check()
    reply = ready.run("%hf_infer -m demo hi")
    assert reply.ename == "MissingPackageError"
    assert "%pip install 'hfmagic[local]'" in "\n".join(reply.traceback)
