"""The demo model that is shipped with hfmagic: it loads, and it writes well."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytestmark = pytest.mark.torch

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "hfmagic" / "inference" / "demo"
LIMIT = 200

FOX = (
    "Once upon a time, there was a gentle fox named Felix. It liked to play outside all day. One day "
    "the old bridge over the river broke. Felix could hear a busy bee calling from the other side. "
    "The fox sat down and thought for a long time. It gathered logs and tied them together. Slowly "
    "the fox built a new bridge, and the bee walked across. Everyone thanked the fox with a big hug. "
    "From that day on, Felix and the bee were the best of friends."
)

# Ready-made prompts, most of them with a noun that no word list of the grammar contains.
UNSEEN = [
    (
        "Tell me a story about a blue robot named Zed who lives on the moon",
        ["robot", "Zed", "moon"],
    ),
    ("Tell me a story about a quokka", ["quokka"]),
    ("Write a short story about a zimbolo named Trillian.", ["zimbolo", "Trillian"]),
    ("tell me a story about a capybara in a hammock", ["capybara", "hammock"]),
    ("Can you tell me a story about an axolotl?", ["axolotl"]),
    ("I want a story about a grimbly vorpal", ["vorpal"]),
    ("Write a story about two kittens in a castle", ["kittens", "castle"]),
    ("Tell me a story about a wallaby who wants to fly!", ["wallaby", "fly"]),
    ("A story about a mongoose with a red balloon", ["mongoose", "balloon"]),
    ("Tell me a story about a vicuna and a plumber.", ["vicuna", "plumber"]),
]


def _load_grammar() -> Any:
    path = ROOT / "tools" / "demo" / "grammar.py"
    spec = importlib.util.spec_from_file_location("demo_grammar", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["demo_grammar"] = module
    spec.loader.exec_module(module)
    return module


grammar = _load_grammar()


@pytest.fixture(scope="module")
def demo() -> Any:
    """Return a function that answers a chat greedily, on one thread."""
    import torch
    import transformers

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        FOLDER, use_safetensors=True, trust_remote_code=False, local_files_only=True
    ).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
    yield Demo(model, tokenizer)
    torch.set_num_threads(before)


class Demo:
    """The loaded model with its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer

    def ids(self, *turns: str, system: str = "") -> Any:
        """Return the encoded chat of some turns, the user first."""
        messages = [{"role": "system", "content": system}] if system else []
        messages += grammar.chat(*turns)
        return self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)

    def answer(self, *turns: str, system: str = "", limit: int = LIMIT) -> tuple[str, bool]:
        """Return the greedy answer to a chat, and whether it ended by itself."""
        import torch

        inputs = self.ids(*turns, system=system)
        with torch.no_grad():
            output = self.model.generate(**inputs, do_sample=False, max_new_tokens=limit)
        new = output[0, inputs["input_ids"].shape[1] :]
        ended = new[-1].item() == self.tokenizer.eos_token_id
        return self.tokenizer.decode(new, skip_special_tokens=True), ended

    def answers(self, prompts: list[str]) -> list[tuple[str, bool]]:
        """Return the greedy answers to some prompts, computed together."""
        import torch

        inputs = self.tokenizer.apply_chat_template(
            [grammar.chat(prompt) for prompt in prompts],
            add_generation_prompt=True, return_tensors="pt", return_dict=True, padding=True,
        )  # fmt: skip
        with torch.no_grad():
            output = self.model.generate(**inputs, do_sample=False, max_new_tokens=LIMIT)
        rows = output[:, inputs["input_ids"].shape[1] :]
        texts = self.tokenizer.batch_decode(rows, skip_special_tokens=True)
        ends = (rows == self.tokenizer.eos_token_id).any(dim=1).tolist()
        return list(zip(texts, ends, strict=True))


def problems(text: str, words: list[str]) -> list[str]:
    """Return what is not well-formed in a story, empty when all is well."""
    found = []
    if not re.fullmatch(r"[A-Za-z ,.!?\"'-]+", text):
        found.append("other characters")
    if not re.search(r"[.!?]\"?$", text):
        found.append("no mark at the end")
    sentences = re.split(r"(?<=[.!?]) +|(?<=[.!?]\") +", text)
    found += [f"no capital: {s}" for s in sentences if not re.match(r"\"?[A-Z]", s)]
    if re.search(r", \"[a-z]", text):
        found.append("no capital in a quote")
    if text.count('"') % 2:
        found.append("unbalanced quotes")
    if re.search(r"\b(\w+) \1 \1\b", text):
        found.append("a word three times")
    articles = re.findall(r"\b([Aa]n?) (\w+)", text)
    found += [f"{a} {word}" for a, word in articles if grammar.article(word).split()[0] != a.lower()]
    found += [f"missing {word}" for word in words if not re.search(rf"\b{word}\b", text)]
    if not 3 <= len(sentences) <= 14:
        found.append("too short or too long")
    return found


def held_out() -> list[tuple[str, list[str]]]:
    """Return prompts the model was never trained on, with words to expect."""
    rng = Random(11)
    prompts: list[tuple[str, list[str]]] = []
    for request in grammar.held_out_requests(40):
        words = list(request.subject.words)
        words += [request.name] if request.name else []
        words += [request.place.split()[-1]] if request.place else []
        prompts.append((f"Tell me a story about {request.asked(rng)}", words))
    for _ in range(20):
        noun = grammar.invented(rng)
        prompts.append((f"Write a story about {grammar.article(noun)}.", [noun]))
    return list(dict(prompts).items())


def test_folder_is_small_and_complete() -> None:
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(files) >= {
        "README.md", "chat_template.jinja", "config.json", "generation_config.json",
        "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip
    assert sum(files.values()) < 4_000_000
    assert not any(name.endswith((".py", ".bin", ".pt", ".pkl")) for name in files)
    assert "Apache-2.0" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_weights_are_half_precision_and_load_as_float32(demo: Demo) -> None:
    import safetensors
    import torch

    with safetensors.safe_open(FOLDER / "model.safetensors", framework="pt") as weights:
        dtypes = {weights.get_tensor(name).dtype for name in weights.keys()}  # noqa: SIM118
    assert dtypes == {torch.float16}
    assert demo.model.dtype == torch.float32
    assert 1_000_000 <= demo.model.num_parameters() <= 1_900_000
    assert demo.model.config.max_position_embeddings >= 1024


def test_chat_template(demo: Demo) -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
    ]
    text = demo.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert text == ("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n")
    assert demo.tokenizer.eos_token == "<|im_end|>"
    assert demo.model.generation_config.eos_token_id == demo.tokenizer.eos_token_id
    assert demo.model.generation_config.pad_token_id == demo.tokenizer.pad_token_id


@pytest.mark.parametrize("text", ["A fox.", "  two  spaces", "Füchse, 狐, 🦊\n\ttab", "x = [1, 2]"])
def test_tokenizer_keeps_any_text(demo: Demo, text: str) -> None:
    assert demo.tokenizer.decode(demo.tokenizer(text)["input_ids"]) == text


def test_greedy_story_is_the_expected_text(demo: Demo) -> None:
    assert demo.answer("Tell me a story about a fox") == (FOX, True)


def test_held_out_prompts_give_well_formed_stories(demo: Demo) -> None:
    # Measured: 61 of these 64 are well-formed (95 %), and 85 of 88 prompts of another seed.
    # The others misspell the unseen noun.
    prompts = [*held_out(), *UNSEEN]
    assert len(prompts) >= 50
    wrong = {}
    for start in range(0, len(prompts), 10):
        some = prompts[start : start + 10]
        answers = demo.answers([prompt for prompt, _ in some])
        for (prompt, words), (text, ended) in zip(some, answers, strict=True):
            found = problems(text, words) + ([] if ended else ["no end"])
            if found:
                wrong[prompt] = (found, text)
    assert len(wrong) <= 0.08 * len(prompts), wrong


def test_sampled_story_is_well_formed(demo: Demo) -> None:
    import torch

    inputs = demo.ids("Tell me a story about a brave little tapir")
    torch.manual_seed(5)
    output = demo.model.generate(**inputs, do_sample=True, temperature=0.7, max_new_tokens=LIMIT, num_return_sequences=4)
    texts = demo.tokenizer.batch_decode(output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    assert len(set(texts)) > 1
    assert sum(not problems(text, ["tapir"]) for text in texts) >= 3


def test_second_turn_refers_to_the_first(demo: Demo) -> None:
    first = "Tell me a story about a tapir named Waldo in a valley"
    story, _ = demo.answer(first)
    name, ended = demo.answer(first, story, "What was its name?")
    assert "Waldo" in name
    assert ended
    place, _ = demo.answer(first, story, "Where did the tapir live?")
    assert "valley" in place
    another, _ = demo.answer(first, story, "Tell me another one.")
    assert not problems(another, ["tapir"])
    assert another != story


@pytest.mark.parametrize(
    "task",
    ["adds two numbers", "reverses a string", "checks if a number is even", "says hello",
     "returns the larger of two numbers", "computes the factorial of a number"],
)  # fmt: skip
def test_code_is_python(demo: Demo, task: str) -> None:
    text, ended = demo.answer(f"Write a Python function that {task}")
    blocks = re.findall(r"```python\n(.*?)\n```", text, flags=re.DOTALL)
    assert ended
    assert len(blocks) == 1
    tree = ast.parse(blocks[0])
    assert isinstance(tree.body[0], ast.FunctionDef)


@pytest.mark.parametrize("noun", ["fox", "bear", "tapir", "queen", "wombat"])
def test_json_is_json(demo: Demo, noun: str) -> None:
    text, ended = demo.answer(f"Give me a JSON object with the name and age of a {noun}")
    value = json.loads(text)
    assert ended
    assert set(value) == {"name", "age"}
    assert isinstance(value["age"], int)


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        ("Hello", "Hello!"),
        ("Who are you?", "demo model"),
        ("What is gravity?", "pull"),
        ("Explain the moon to a ten-year-old.", "ball of rock"),
        ("Why is the sky blue?", "blue"),
        ("Explain magnets to a ten-year-old.", "iron"),
        ("What colour is a fox?", "red"),
        ("Explain a blorptangle to a ten-year-old.", "blorptangle"),
        ("List three animals.", "- fox\n- bear\n- owl"),
        ("What is the opposite of hot?", "cold"),
        ("Make a table of three animals and their sounds", "| dog | woof |"),
    ],
)
def test_other_questions(demo: Demo, prompt: str, part: str) -> None:
    text, ended = demo.answer(prompt)
    assert part in text
    assert ended


def test_sums(demo: Demo) -> None:
    pairs = [(a, b) for a in range(1, 10, 2) for b in range(1, 10, 2)]
    answers = demo.answers([f"What is {a} plus {b}?" for a, b in pairs])
    right = [text == f"The answer is {a + b}." for (a, b), (text, _) in zip(pairs, answers, strict=True)]
    assert sum(right) >= 0.85 * len(pairs)  # measured: 24 of 25; 112 of all 121 up to 10 + 10


def test_facts_and_capitals_are_mostly_right(demo: Demo) -> None:
    # A toy: it mixes up some of what it was taught. Measured: 52 of 68 and 12 of 21.
    topics = [(f"Explain {topic} to a ten-year-old.", answer) for topic, _, answer in grammar.facts()]
    capitals = [(f"What is the capital of {land}?", city) for land, city in grammar.CAPITALS.items()]
    for known, share in ((topics, 0.7), (capitals, 0.5)):
        answers = demo.answers([prompt for prompt, _ in known])
        right = [part in text for (_, part), (text, _) in zip(known, answers, strict=True)]
        assert sum(right) >= share * len(known)


def test_poem_has_four_lines(demo: Demo) -> None:
    text, ended = demo.answer("Write a poem about a wombat")
    lines = text.splitlines()
    assert ended
    assert len(lines) == 4
    assert "wombat" in text
    assert all(line[0].isupper() for line in lines)
    assert [line[-1] for line in lines][1::2] == [".", "."]


def test_story_with_a_title(demo: Demo) -> None:
    text, _ = demo.answer("Write a story about a gecko with a title")
    title, _, story = text.partition("\n\n")
    assert re.fullmatch(r"\*\*[A-Z][a-z ]+\*\*", title)
    assert not problems(story, ["gecko"])


def test_brief_answer(demo: Demo) -> None:
    text, ended = demo.answer("Explain rain.", system="Answer in one sentence.")
    assert text == "Rain is water that falls from clouds."
    assert ended


def test_plain_text_is_continued(demo: Demo) -> None:
    inputs = demo.tokenizer("Once upon a time", return_tensors="pt")
    output = demo.model.generate(**inputs, max_new_tokens=LIMIT)[0]
    assert output[-1].item() == demo.tokenizer.eos_token_id
    assert not problems(demo.tokenizer.decode(output, skip_special_tokens=True), [])


def test_long_prompt_does_not_fail(demo: Demo) -> None:
    text, _ = demo.answer("Tell me a story about a fox. " * 200, limit=16)
    assert isinstance(text, str)


def test_batch_gives_the_same_as_single_prompts(demo: Demo) -> None:
    prompts = ["Hello", "Tell me a story about a lynx in a castle"]
    assert demo.answers(prompts) == [demo.answer(prompt) for prompt in prompts]
