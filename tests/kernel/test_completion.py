"""What Tab offers in a real kernel: the exact lists, on IPython 7.34 as on 9."""

import pytest

LONG = [
    "--model", "--system", "--max-new-tokens", "--temperature", "--top-p", "--top-k", "--seed", "--stop", "--dtype", "--device",
    "--revision", "--chat", "--reset", "--output", "--raw", "--quiet", "--timeout", "--format", "--help", "--debug",
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(shared_kernel):
    hub = shared_kernel.home / "hf" / "hub"
    for folder in ("models--Qwen--Qwen3-0.6B", "models--gpt2", "datasets--squad", ".locks"):
        (hub / folder).mkdir(parents=True)
    shared_kernel.run("import math\ndoc, docs, _hidden = 'a', ['b'], 1\ndef double(x): return x").check()
    return shared_kernel


def offered(kernel, code):
    """Matches with the cursor at the bar, and the text that they replace."""
    cursor = code.index("|") if "|" in code else len(code)
    code = code.replace("|", "", 1)
    reply = kernel.complete(code, cursor)
    return reply["matches"], code[reply["cursor_start"] : reply["cursor_end"]]


def test_options(loaded):
    for line in ("%hf_infer ", "%%hf_infer ", "x = %hf_infer ", "  %hf_infer ", "print(1)\n%hf_infer "):
        assert offered(loaded, line) == (LONG, ""), line
    for line in ("%hf_infer --m", "%%hf_infer --m|\nsome --text", "x = %hf_infer --m", "rows[0] = %hf_infer --m", "a.b = %hf_infer --m"):
        assert offered(loaded, line) == (["--model", "--max-new-tokens"], "--m"), line
    assert offered(loaded, "%hf_infer --fo") == (["--format"], "--fo")
    assert offered(loaded, "%hf_infer -") == (
        ["-m", *LONG[:13], "-o", *LONG[13:18], "-h", *LONG[18:]],
        "-",
    )


def test_an_option_is_offered_once_unless_it_can_be_repeated(loaded):
    given = "%hf_infer -m demo --raw --stop END --seed=3 --"
    assert offered(loaded, given) == ([flag for flag in LONG if flag not in {"--model", "--raw", "--seed"}], "--")


def test_values(loaded):
    assert offered(loaded, "%hf_infer --format ") == (["markdown", "text", "json", "code"], "")
    assert offered(loaded, "%hf_infer --format j") == (["json"], "j")
    assert offered(loaded, "%hf_infer --format=j") == (["json"], "j")
    assert offered(loaded, "%hf_infer -m ") == (["demo", "Qwen/Qwen3-0.6B", "gpt2"], "")
    assert offered(loaded, "%hf_infer -m Qwen/") == (["Qwen/Qwen3-0.6B"], "Qwen/")
    assert offered(loaded, "%%hf_infer --model=Qwen/Qw") == (["Qwen/Qwen3-0.6B"], "Qwen/Qw")
    assert offered(loaded, "%hf_infer --system 'be brief' -m=g") == (["gpt2"], "g")


def test_variables(loaded):
    assert offered(loaded, "%hf_infer -o ") == (["doc", "docs"], "")
    assert offered(loaded, "y = %hf_infer --output docs") == (["docs"], "docs")
    assert offered(loaded, "%hf_infer -m demo Tell me about {{do") == (["doc", "docs"], "do")
    assert offered(loaded, "%%hf_infer -m demo\nSay {{ d") == (["doc", "docs"], "d")


@pytest.mark.parametrize(
    "line",
    [
        "%hf_infer Tell me about --m",
        "%hf_infer -m demo -- --m",
        "%hf_infer --raw story --fo",
        "%%hf_infer -m demo\n--m",
        "%%hf_infer -m demo\n%hf_infer --m",
        "%hf_infer --system 'what --m",
        "%hf_infer # --m",
        "%hf_nothing --m",
        "print('%hf_infer --m",
        "1 + 1\n%%hf_infer --m",
    ],
)
def test_where_no_option_can_stand_none_is_offered(loaded, line):
    assert not {"--model", "--max-new-tokens"} & set(offered(loaded, line)[0])


def test_completion_of_python_is_not_touched(loaded):
    assert offered(loaded, "math.flo") == (["floor"], "flo") or "floor" in offered(loaded, "math.flo")[0][0]
    assert "%hf_infer" in offered(loaded, "%hf_i")[0]
    assert "double" in offered(loaded, "doub")[0]


def test_tab_imports_nothing_heavy(loaded):
    offered(loaded, "%hf_infer -m ")
    heavy = (
        "import sys\nprint({'torch', 'transformers', 'huggingface_hub', 'ipywidgets', 'anywidget', 'psutil', 'pynvml'} & set(sys.modules))"
    )
    assert loaded.run(heavy).check().text in {"set()\n", "{'psutil'}\n"}  # ipykernel itself has psutil
