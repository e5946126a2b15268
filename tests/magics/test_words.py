"""The way in that all words share, in a shell of this process."""

import pytest

import hfmagic
from hfmagic.core.errors import HFMagicError, Interrupted, LineError, PromptError
from hfmagic.magics import infer
from hfmagic.magics.words import WORDS

TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"


@pytest.fixture
def calls(shell, monkeypatch):
    """The calls that reached the word's own function."""
    seen = []
    monkeypatch.setattr(infer, "run", seen.append)
    shell.run("%load_ext hfmagic")
    return seen


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_every_word_is_what_its_parser_says(word):
    assert word.parser.word == word.name
    assert word.parser.summary == word.summary
    assert callable(word.load().run)
    for example in word.parser.examples:
        line, _, body = example.removeprefix("answer = ").partition("\n")
        name, _, options = line.partition(" ")
        assert name.lstrip("%") == word.name
        word.parser.read(options, body if name.startswith("%%") else None)


def test_a_line_magic(shell, calls):
    shell.run("animal = 'fox'")
    shell.run("%hf_infer -m {{animal}} Tell me about a {{animal}}, it's {1}")
    (call,) = calls
    assert (call.args.model, call.args.prompt, call.body) == ("fox", "Tell me about a fox, it's {1}", None)
    assert call.shell is shell
    assert call.variables["animal"] == "fox"


def test_a_question_is_no_request_for_help(shell, calls):
    shell.run("%hf_infer What's the moon?")
    shell.run("x = %hf_infer Who lives on the moon??")
    assert [call.args.prompt for call in calls] == ["What's the moon?", "Who lives on the moon??"]


def test_a_cell_magic(shell, calls):
    shell.run("animal = 'fox'")
    shell.run("%%hf_infer -m demo\nA {{animal}}\n\n  and $HOME {not} me\n")
    (call,) = calls
    assert (call.args.prompt, call.body) == ("", "A fox\n\n  and $HOME {not} me")


@pytest.mark.parametrize("cell", ["%%hf_infer --chat c --reset", "%%hf_infer --chat c --reset\n", "%%hf_infer --chat c --reset\n \n"])
def test_a_blank_body_is_an_empty_one(shell, calls, cell):
    shell.run(cell)
    assert [call.body for call in calls] == [""]


def test_a_blank_body_as_colab_makes_it(shell, calls):
    shell.run_cell_magic("hf_infer", "--chat c --reset", " ")
    assert [call.body for call in calls] == [""]


def test_local_names_win_in_a_function(shell, calls):
    shell.run("animal, colour = 'fox', 'red'\ndef ask():\n    animal = 'owl'\n    %hf_infer A {{colour}} {{animal}}\nask()")
    assert calls[0].args.prompt == "A red owl"


def test_interpolation_can_be_switched_off(shell, calls):
    shell.run("%config HFMagic.interpolate = False")
    shell.run("%hf_infer --system {{nothing}} A {{nothing}}")
    assert (calls[0].args.system, calls[0].args.prompt) == ("{{nothing}}", "A {{nothing}}")


def test_nothing_runs_when_a_name_is_unknown(shell, calls):
    for cell in ("%hf_infer A {{nothing}}", "%%hf_infer\nA {{nothing}}", "%hf_infer -m {{nothing}} A"):
        with pytest.raises(PromptError, match="no variable nothing"):
            shell.run(cell)
    assert calls == []


@pytest.mark.parametrize(
    "cell", ["%hf_infer {token} x", "%hf_infer --system {token} x", "%%hf_infer\n{token}", "%hf_login {token}", "%hf_infer -h {token}"]
)
def test_a_token_is_refused_before_anything_else(shell, calls, cell):
    with pytest.raises(LineError, match="token stands in this cell") as raised:
        shell.run(cell.replace("{token}", TOKEN))
    assert "rotate it at https://huggingface.co/settings/tokens" in raised.value.hint
    assert "%hf_login" in raised.value.hint
    assert TOKEN not in str(vars(raised.value)) + str(raised.value.args)
    assert shell.rl_next_input == cell.replace("{token}", "hf_***")
    assert calls == []


def test_what_is_returned_is_the_cells_result(shell, calls, monkeypatch):
    monkeypatch.setattr(infer, "run", lambda call: call.args.prompt.upper())
    assert shell.run("%hf_infer fox").result == "FOX"
    shell.run("answer = %hf_infer -m demo fox")
    assert shell.user_ns["answer"] == "FOX"


def test_our_errors_pass_and_others_are_wrapped(shell, calls, monkeypatch):
    def run(call):
        raise failure

    monkeypatch.setattr(infer, "run", run)
    failure = HFMagicError("ours", result="kept")
    with pytest.raises(HFMagicError) as raised:
        shell.run("%hf_infer x")
    assert raised.value is failure
    failure = OSError(2, "gone")
    with pytest.raises(HFMagicError, match=r"FileNotFoundError: .*gone") as raised:
        shell.run("%hf_infer x")
    assert raised.value.__cause__ is failure
    assert raised.value.debug is False
    failure = KeyboardInterrupt()
    with pytest.raises(Interrupted, match="stopped"):
        shell.run("%hf_infer x")
    failure = Interrupted("stopped, 3 tokens kept", result="kept")
    with pytest.raises(Interrupted) as stopped:
        shell.run("%hf_infer --debug x")
    assert stopped.value is failure
    assert stopped.value.debug is True


def test_the_front_door_is_lazy_and_lists_what_it_has():
    assert {"infer", "chats", "settings", "login", "Result", "__version__"} <= set(dir(hfmagic))
    for name in hfmagic.__all__:
        assert callable(getattr(hfmagic, name)) or name in {"chats", "settings"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hfmagic.nothing
