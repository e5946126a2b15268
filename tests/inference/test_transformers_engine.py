"""The local engine on real, tiny models."""

from __future__ import annotations

import json
import threading

import pytest

from hfmagic.core.errors import HFMagicError
from hfmagic.inference.request import Request
from hfmagic.inference.run import run

pytestmark = pytest.mark.torch


def ask(model, screen, prompt="Return a copy of the string", cancel=None, messages=None, **options):
    messages = messages or ({"role": "user", "content": prompt},)
    options = {"max_new_tokens": 20, "temperature": 0.0} | options
    return run(Request(messages=tuple(messages), model=str(model), **options), screen, cancel or threading.Event())


def bare(model, prompt, **options):
    """What transformers itself says, without any of ours."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    network = AutoModelForCausalLM.from_pretrained(model)
    inputs = tokenizer(prompt, return_tensors="pt")
    ids = network.generate(**inputs, pad_token_id=0, **options)[0, inputs["input_ids"].shape[1] :]
    return tokenizer.decode(ids, skip_special_tokens=True), ids.tolist()


def chatml(*turns):
    return "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns) + "<|im_start|>assistant\n"


def test_greedy_text_is_that_of_bare_generate(tiny, screen):
    text, ids = bare(tiny, chatml(("user", "Return a copy of the string")), max_new_tokens=20, do_sample=False)
    result = ask(tiny, screen)
    assert result.text == screen.text == text
    assert result.raw["token_ids"] == ids
    assert result.raw["prompt"] == chatml(("user", "Return a copy of the string"))
    assert result.usage.new_tokens == 20
    assert result.usage.prompt_tokens > 5
    assert result.stopped == "length"
    assert result.model == str(tiny)
    assert result.memory.peak > 50e6
    assert result.timing.tokens_per_second > 0


def test_system_and_turns_go_through_the_template(tiny, screen):
    turns = [("system", "Be brief."), ("user", "a"), ("assistant", "b"), ("user", "c")]
    result = ask(tiny, screen, messages=[{"role": role, "content": text} for role, text in turns])
    assert result.raw["prompt"] == chatml(*turns)


def test_without_a_template_the_prompt_goes_plain(make_model, screen):
    model = make_model("plain", template=None)
    result = ask(model, screen, messages=[{"role": "system", "content": "S"}, {"role": "user", "content": "U"}])
    assert result.raw["prompt"] == "S\n\nU"
    assert result.text == bare(model, "S\n\nU", max_new_tokens=20, do_sample=False)[0]


def test_raw_sends_the_prompt_as_it_stands(tiny, screen):
    result = ask(tiny, screen, "Once upon", raw=True)
    assert result.raw["prompt"] == "Once upon"
    assert result.text == bare(tiny, "Once upon", max_new_tokens=20, do_sample=False)[0]


def test_a_template_without_system_turns_gets_it_with_the_first_question(make_model, screen):
    template = (
        "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}[{{ m['content'] }}]{% endfor %}"
    )
    result = ask(
        make_model("gemma", template=template), screen, messages=[{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]
    )
    assert result.raw["prompt"] == "[S\n\nU]"


def test_a_template_that_refuses_is_an_error(make_model, screen):
    model = make_model("strict", template="{{ raise_exception('never') }}")
    with pytest.raises(HFMagicError, match="never"):
        ask(model, screen)


def test_a_seed_repeats_and_leaves_the_notebooks_random_state_alone(tiny, screen):
    import torch

    torch.manual_seed(7)
    expected = torch.rand(3).tolist()
    torch.manual_seed(7)
    texts = [ask(tiny, screen, temperature=1.0, seed=seed).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert torch.rand(3).tolist() == expected


def test_sampling_options_reach_the_model(tiny, screen):
    greedy = ask(tiny, screen).text
    assert ask(tiny, screen, temperature=None, top_k=1, seed=3).text == greedy
    assert ask(tiny, screen, temperature=None, top_p=1e-9, seed=3).text == greedy
    assert ask(tiny, screen, temperature=1e-300, seed=3).text == greedy
    assert ask(tiny, screen, temperature=5.0, seed=3).text != greedy


def test_the_models_own_settings_hold_until_asked_otherwise(make_model, screen):
    model = make_model("sampler")
    path = model / "generation_config.json"
    config = json.loads(path.read_text()) | {"do_sample": True, "temperature": 3.0, "top_k": 5}
    path.write_text(json.dumps(config))
    texts = {ask(model, screen, temperature=None, seed=seed).text for seed in range(4)}
    assert len(texts) > 1
    assert len({ask(model, screen, temperature=0.0, seed=seed).text for seed in range(3)}) == 1


def test_a_stop_string_ends_the_answer_before_it(tiny, screen):
    whole = ask(tiny, screen, max_new_tokens=60).text
    stop = whole[10:13]
    screen.pieces.clear()
    result = ask(tiny, screen, max_new_tokens=60, stop=(stop,))
    assert result.text == screen.text == whole[: whole.find(stop)]
    assert result.stopped == ""
    assert result.usage.new_tokens < 60


def test_the_end_token_ends_it_and_is_not_shown(make_model, screen):
    model = make_model("ender")
    _text, ids = bare(model, "Once", max_new_tokens=5, do_sample=False)
    path = model / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"eos_token_id": [2, ids[2]]}))
    result = ask(model, screen, "Once", raw=True, max_new_tokens=50)
    assert result.raw["token_ids"] == ids[:3]
    assert result.stopped == ""


def test_a_prompt_longer_than_the_context_is_refused_with_numbers(tiny, screen):
    with pytest.raises(HFMagicError, match=r"the prompt has \d+ tokens, .* takes 256 in all"):
        ask(tiny, screen, "word " * 400)


def test_the_answer_ends_at_the_context(tiny, screen):
    result = ask(tiny, screen, "word " * 40, max_new_tokens=10_000)
    assert result.usage.prompt_tokens + result.usage.new_tokens == 256
    assert result.stopped == "length"


def test_the_button_stops_between_two_tokens_and_the_next_answer_works(make_model, screen):
    model = make_model("long", context=100_000)
    cancel = threading.Event()
    screen.on_tick = lambda s: cancel.set() if s.pieces else None
    result = ask(model, screen, cancel=cancel, max_new_tokens=90_000)
    assert result.stopped == "button"
    assert 0 < result.usage.new_tokens < 90_000
    assert result.text == screen.text or result.text.startswith(screen.text)
    screen.on_tick = lambda _: None
    assert ask(model, screen).usage.new_tokens == 20


def test_a_loaded_model_is_there_for_the_next_answer(tiny, screen):
    from hfmagic.inference import transformers_engine

    key = (str(tiny), None, "auto", "auto")
    assert not transformers_engine.store.has(key)
    ask(tiny, screen)
    assert transformers_engine.store.has(key)
    screen.said.clear()
    second = ask(tiny, screen)
    assert not screen.said, "nothing is imported or loaded a second time"
    assert second.timing.load < second.timing.total


def test_the_least_recently_used_model_leaves(make_model, screen, monkeypatch):
    from hfmagic.core.settings import settings
    from hfmagic.inference import transformers_engine

    monkeypatch.setattr(settings, "loaded_models", 2)
    models = [make_model(f"m{number}", seed=number) for number in range(3)]
    for model in (models[0], models[1], models[0], models[2]):
        ask(model, screen)
    store = transformers_engine.store
    assert len(store) == 2
    assert [store.has((str(model), None, "auto", "auto")) for model in models] == [True, False, True]


def test_dtype_and_device_are_honoured_and_checked(tiny, screen):
    assert ask(tiny, screen, dtype="bfloat16").usage.new_tokens == 20
    assert ask(tiny, screen, device="cpu").memory.device == "cpu"
    with pytest.raises(HFMagicError, match="cuda"):
        ask(tiny, screen, device="cuda:3")
    with pytest.raises(HFMagicError, match="float7"):
        ask(tiny, screen, dtype="float7")


def test_a_half_precision_checkpoint_runs_on_a_cpu(make_model, screen):
    assert ask(make_model("half", dtype="float16"), screen).usage.new_tokens == 20


def edit(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "config.json").unlink(), "no readable config.json"),
        (lambda folder: (folder / "config.json").write_text("[1"), "no readable config.json"),
        (lambda folder: (folder / "config.json").write_text("[1]"), "is not an object"),
        (lambda folder: (folder / "config.json").write_text('{"model_type": "martian"}'), "cannot be loaded"),
        (lambda folder: (folder / "config.json").write_text('{"model_type": "x", "auto_map": {"AutoConfig": "a.B"}}'), "cannot be loaded"),
        (lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"), "no .*safetensors"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"not at all"), "safetensors"),
        (lambda folder: [(folder / name).unlink() for name in ("tokenizer.json", "tokenizer_config.json")], "cannot be loaded"),
        (lambda folder: edit(folder, num_hidden_layers=3), r"has no weights for .* more parts"),
        (lambda folder: edit(folder, hidden_size=16), "cannot be loaded"),
    ],
)
def test_a_broken_folder_is_a_short_error(make_model, screen, spoil, message):
    model = make_model("broken")
    spoil(model)
    with pytest.raises(HFMagicError, match=message) as caught:
        ask(model, screen)
    assert caught.value.hint


def test_no_such_folder(screen):
    with pytest.raises(HFMagicError, match="there is no folder"):
        ask("./nowhere", screen)


def test_what_does_not_fit_is_refused_before_loading(tiny, screen, monkeypatch):
    from hfmagic.fit import weights

    monkeypatch.setattr(weights, "free_memory", lambda _device: 1000)
    with pytest.raises(HFMagicError, match="free"):
        ask(tiny, screen)
    assert not any("loading" in line for line in screen.said)
