"""The parser alone."""

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfmagic.core.errors import LineError
from hfmagic.magics.arguments import MagicParser, invocation, variable_name
from hfmagic.magics.pieces import Line


@pytest.fixture
def parser():
    parser = MagicParser("hf_try", "Try it.", rest="prompt", body="prompt", examples=("%hf_try it", "%%hf_try\nit"))
    parser.add_argument("-m", "--model", default="", metavar="MODEL", help="the model")
    parser.add_argument("--temperature", type=float, metavar="T", help="how wild")
    parser.add_argument("--top-k", type=int, metavar="K")
    parser.add_argument("--stop", action="append", default=[], metavar="TEXT")
    parser.add_argument("-o", "--output", type=variable_name, default="", metavar="VAR")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="100 %% of it")
    parser.add_argument("--raw", action="store_true")
    return parser


@pytest.fixture
def bare():
    parser = MagicParser("hf_bare", "No rest, no body.")
    parser.add_argument("--json", action="store_true")
    return parser


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("What's the capital of France?", {"prompt": "What's the capital of France?"}),
        ("Is C# older than 'C++'? # really {x} {{{y}}} \"", {"prompt": "Is C# older than 'C++'? # really {x} {{{y}}} \""}),
        ("-m demo Say  two   blanks", {"model": "demo", "prompt": "Say  two   blanks"}),
        ("-m demo # a comment -x 'unclosed", {"model": "demo", "prompt": ""}),
        ("-m C# hello", {"model": "C#", "prompt": "hello"}),
        ("-m '#1' hello", {"model": "#1", "prompt": "hello"}),
        ("--model=demo hello", {"model": "demo", "prompt": "hello"}),
        ("-m=demo hello", {"model": "demo", "prompt": "hello"}),
        ("--model= hello", {"model": "", "prompt": "hello"}),
        ("--model 'a b' hello", {"model": "a b", "prompt": "hello"}),
        ('--model "a \\"b\\"" hello', {"model": 'a "b"', "prompt": "hello"}),
        ("--model a\\ b hello", {"model": "a b", "prompt": "hello"}),
        ("--model='-x y' hello", {"model": "-x y", "prompt": "hello"}),
        ("--model '--raw' hello", {"model": "--raw", "raw": False, "prompt": "hello"}),
        ("--temperature -1 hello", {"temperature": -1.0, "prompt": "hello"}),
        ("--temperature .5 --top-k 3 -5 is cold", None),
        ("--stop a --stop=b --stop '' hello", {"stop": ["a", "b", ""], "prompt": "hello"}),
        ("-- -m is an option", {"model": "", "prompt": "-m is an option"}),
        ("-m demo --  --raw", {"model": "demo", "raw": False, "prompt": "--raw"}),
        ("- is a dash", {"prompt": "- is a dash"}),
        ("'--raw' in quotes", {"raw": False, "prompt": "'--raw' in quotes"}),
        ("well-known --thing-of-others", {"prompt": "well-known --thing-of-others"}),
        ("--raw", {"raw": True, "prompt": ""}),
        ("-o result hi", {"output": "result", "prompt": "hi"}),
        ("", {"prompt": "", "debug": False, "help": False}),
        ("--debug hi", {"debug": True}),
    ],
)
def test_lines(parser, line, expected):
    if expected is None:
        with pytest.raises(LineError, match="no option -5"):
            parser.read(line)
        return
    args = vars(parser.read(line))
    assert {name: args[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "cell", "message", "hint"),
    [
        (
            "--modell x",
            None,
            "%hf_try has no option --modell",
            "did you mean --model? (to begin the prompt with --modell, write -- before it)",
        ),
        ("--mod x", None, "%hf_try has no option --mod", "did you mean --model?"),
        ("--temp 3", None, "%hf_try has no option --temp", "did you mean --temperature?"),
        ("-model x", None, "%hf_try has no option -model", "did you mean --model?"),
        ("-mdemo x", None, "%hf_try has no option -mdemo", ""),
        ("--zzzzz", None, "%hf_try has no option --zzzzz", "%hf_try --help shows the options"),
        ("--model", None, "--model needs a value: --model MODEL", "--help"),
        ("--model # x", None, "--model needs a value", ""),
        ("--model --raw", None, "--model needs a value", ""),
        ("--model --nothing", None, "--model needs a value", ""),
        ("-m -o x", None, "-m needs a value: -m MODEL", ""),
        ("--raw=1", None, "--raw takes no value", "write --raw alone"),
        ("--temperature hot", None, "--temperature takes a number, not 'hot'", ""),
        ("--top-k 1.5", None, "--top-k takes a whole number, not '1.5'", ""),
        ("--format jsn", None, "--format does not take 'jsn'", "did you mean json? It takes text, json"),
        ("--format x", None, "--format does not take 'x'", "it takes text, json"),
        ("-o 1x", None, "--output does not take '1x': a variable's name", ""),
        ("-o class", None, "--output does not take 'class'", ""),
        ("--model 'x", None, "a quote is not closed: '", '"'),
        ('--model "x', None, 'a quote is not closed: "', "'"),
        ("--model x\\", None, "the line ends in a backslash", "\\\\"),
        ("tell me -m demo", None, "the option -m stands after the prompt has begun", "put options before the prompt, or write --"),
        ("tell me --model=demo", None, "the option --model=demo stands after", ""),
        ("tell me", "the prompt", "the prompt of %%hf_try goes into the cell", "move it down, or use %hf_try (one percent sign)"),
        ("tell me", " ", "the prompt of %%hf_try goes into the cell", "one percent sign"),
        ("-m " + "x" * 300 + " --format " + "y" * 300, None, "--format does not take 'yyy", ""),
    ],
)
def test_wrong_lines(parser, line, cell, message, hint):
    with pytest.raises(LineError) as raised:
        parser.read(line, cell)
    assert message in str(raised.value)
    assert hint in raised.value.hint
    drawn = raised.value._render_traceback_()
    assert len(drawn) == 2
    assert max(map(len, drawn)) < 200


def test_a_word_without_rest_and_body(bare):
    assert bare.read("--json").json is True
    assert bare.read("--json", " \n").json is True
    for line in ("stray", "-- stray", "--json stray"):
        with pytest.raises(LineError, match="%hf_bare takes options only, not 'stray'"):
            bare.read(line)
    with pytest.raises(LineError, match="%%hf_bare takes no body"):
        bare.read("", "body")


def test_positional_arguments():
    parser = MagicParser("hf_one", "One thing.")
    parser.add_argument("thing", metavar="THING")
    parser.add_argument("--json", action="store_true")
    assert parser.read("--json 'a b'").thing == "a b"
    assert parser.read("x --json").json is True
    assert parser.read("-- --json").thing == "--json"
    with pytest.raises(LineError, match="required: THING"):
        parser.read("")
    with pytest.raises(LineError, match="unrecognized arguments: y"):
        parser.read("x y")


def test_values_are_filled_after_the_line_was_cut(parser):
    seen = []

    def fill(text):
        seen.append(text)
        return text.replace("{{x}}", "two words --raw 'open")

    args = parser.read("--model {{x}} --stop={{x}} say {{x}} \\n", fill=fill)
    assert args.model == "two words --raw 'open"
    assert args.stop == ["two words --raw 'open"]
    assert args.prompt == "say two words --raw 'open \\n"
    assert args.raw is False
    assert seen == ["{{x}}", "{{x}}", "say {{x}} \\n"]


@pytest.mark.parametrize("line", ["-h", "--help", "--model demo -h", "--top-k x --help".replace("x", "3"), "-h --nothing"])
def test_help_is_asked_for(parser, line):
    assert parser.read(line).help is True
    assert parser.read(line, "").help is True


def test_help_text(parser, bare):
    text = parser.format_help()
    for expected in (
        "usage: %hf_try [options] PROMPT\n       %%hf_try [options]    (prompt in the lines below)\n",
        "Try it.",
        "-m, --model MODEL ",
        "--format {text,json}",
        "100 % of it",
        "-h, --help",
        "examples:\n  %hf_try it\n\n  %%hf_try\n  it\n",
    ):
        assert expected in text
    assert "usage: %hf_bare [options]\n\n" in bare.format_help()
    assert "examples" not in bare.format_help()
    assert "prompt" not in bare.format_help()


def test_help_does_not_depend_on_the_window(parser, monkeypatch):
    before = parser.format_help()
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert parser.format_help() == before


def test_invocations(parser):
    assert [invocation(action) for action in parser.actions()][:3] == ["-m, --model MODEL", "--temperature T", "--top-k K"]
    assert [action.dest for action in parser.actions()][-2:] == ["help", "debug"]


def test_variable_names():
    assert variable_name("größe_2") == "größe_2"
    for name in ("2x", "a b", "a.b", "for", "a-b"):
        with pytest.raises(argparse.ArgumentTypeError):
            variable_name(name)


@given(st.text())
def test_any_line_gives_arguments_or_a_line_error(line):
    parser = MagicParser("hf_try", "Try it.", rest="prompt")
    parser.add_argument("-m", "--model", default="")
    parser.add_argument("--top-k", type=int)
    try:
        args = parser.read(line)
    except LineError as error:
        assert len(error._render_traceback_()) <= 5  # noqa: PT017 (most lines are no error)
    else:
        assert args.help or isinstance(args.prompt, str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])).filter(lambda text: text.strip(" \t\r\n") not in {"", "--"}))
def test_what_follows_two_dashes_is_the_prompt_as_typed(text):
    parser = MagicParser("hf_try", "Try it.", rest="prompt")
    assert parser.read(f"-- {text}").prompt == text.strip(" \t\r\n")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_quoted_words_come_back_as_the_shell_would_cut_them(words):
    import shlex

    line = Line(shlex.join(words))
    found = []
    while line.ahead:
        found.append(line.take().value)
    assert found == words
