"""``%hf_infer`` in a real kernel, with an engine written out here: needs no torch, so it runs on Colab's pins as well."""

from __future__ import annotations

import itertools

import pytest

from real_kernel import RealKernel

ENGINE = r"""
%load_ext hfmagic
import time, threading
from hfmagic.core.errors import CancelledError
from hfmagic.inference import run as _run

def scripted(pieces, pause=0.02, fail=None, load=0.0):
    def engine(request, work):
        work.say("loading scripted", 0.5)
        if work.cancel.wait(load):
            raise CancelledError
        work.model = "scripted"
        work.ready()
        for piece in pieces:
            if work.cancel.is_set():
                return
            work.token_ids.append(1)
            work.first_token_at = work.first_token_at or time.perf_counter()
            work.emit(piece)
            time.sleep(pause)
        if fail:
            raise fail
    _run.engine_for = lambda request: engine

def left():
    return [t.name for t in threading.enumerate() if t.name == "hfmagic-engine"]
"""
WORDS = "words = [f'w{n} ' for n in range(60)]"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    kernel = RealKernel(tmp_path_factory.mktemp("kernel"))
    kernel.run(ENGINE).check()
    kernel.run(WORDS).check()
    yield kernel
    kernel.close()


@pytest.fixture
def ready(shared):
    """One kernel for all tests of this file, its settings, chats and result as new."""
    shared.run("%reload_ext hfmagic").check()
    shared.run(
        "import hfmagic; hfmagic.chats.clear(); _hf = None; hfmagic.settings.default_model = ''; hfmagic.settings.timeout = 0"
    ).check()
    return shared


def answers(reply):
    """The successive states of the answer's display: (html, text)."""
    shown = [m["content"] for m in reply.messages if m["msg_type"] in {"display_data", "update_display_data"}]
    first = next(content["transient"]["display_id"] for content in shown if "text/html" in content["data"])
    return [c["data"] for c in shown if c["transient"]["display_id"] == first]


def test_the_answer_grows_and_ends_complete(ready):
    reply = ready.run("scripted(words)\n").check()
    reply = ready.run("%%hf_infer -m scripted\nhello").check()
    states = [data["text/plain"] for data in answers(reply)]
    texts = [state for state in states if state.startswith("w0")]
    assert len(texts) >= 4
    assert all(later.startswith(earlier.rstrip()) for earlier, later in itertools.pairwise(texts))
    assert texts[-1].rstrip() == "".join(f"w{n} " for n in range(60)).rstrip()
    assert len(texts) < 45, "updates are coalesced"
    kinds = {kind for shown in ("display_data", "update_display_data") for content in reply.of(shown) for kind in content["data"]}
    assert kinds <= {"text/html", "text/plain", "application/vnd.jupyter.widget-view+json"}
    assert "scripted · 60 tokens · " in reply.text
    assert "loading scripted" not in reply.text
    assert not reply.of("stream")


def test_what_is_kept_in_the_notebook_is_the_last_state_only(ready):
    ready.run("scripted(words)").check()
    reply = ready.run("%%hf_infer -m scripted\nhello").check()
    displays = reply.of("display_data")
    assert len(displays) == 2  # the answer, and the line under it
    final = {}
    for message in reply.messages:
        if message["msg_type"] in {"display_data", "update_display_data"}:
            final[message["content"]["transient"]["display_id"]] = message["content"]["data"]
    assert not [data for data in final.values() if "application/vnd.jupyter.widget-view+json" in data]


def test_the_line_form_returns_the_result_and_shows_it_once(ready):
    ready.run("scripted(['one ', 'two'])").check()
    reply = ready.run("%hf_infer -m scripted What's 'up' with {braces}?").check()
    assert reply.text.count("one two") == 1
    assert not reply.of("execute_result")
    assert ready.run("print(_hf, '|', _hf.messages[0]['content'])").check().text == "one two | What's 'up' with {braces}?\n"
    reply = ready.run("x = %hf_infer -m scripted hi").check()
    assert ready.run("x is _hf, str(x)").check().text.strip() == "(True, 'one two')"
    shown = ready.run("x").check().of("execute_result")[0]["data"]
    assert set(shown) == {"text/html", "text/plain"}
    assert shown["text/plain"] == "one two"


def test_the_body_is_the_prompt_and_o_gets_the_result(ready):
    ready.run("scripted(['hi'])\nthing = {'a b': ['x', 'fox']}").check()
    ready.run('%%hf_infer -m scripted --system "You are nice" -o answer --quiet\nTell {{thing["a b"][1]}} about {"json": 1}').check()
    text = ready.run("print(answer.messages, answer is _hf)").check().text
    assert "'You are nice'" in text
    assert 'Tell fox about {"json": 1}' in text
    assert text.endswith("True\n")


def test_an_interrupt_ends_it_and_keeps_the_text(ready):
    ready.run("scripted(words * 100, pause=0.01)").check()

    def stop(message):
        if message["msg_type"] == "update_display_data" and "w20" in message["content"]["data"].get("text/plain", ""):
            stop.pressed = stop.pressed or not ready.interrupt()

    stop.pressed = False
    reply = ready.run("%%hf_infer -m scripted -o kept\nhello", on_message=stop)
    assert reply.status == "error"
    assert reply.ename == "Interrupted"
    assert len(reply.traceback) <= 5
    assert "tokens kept" in reply.traceback[0]
    assert "stopped, " in reply.text
    after = ready.run("print(left(), kept.text.startswith('w0 w1 '), kept.stopped, kept is _hf)").check()
    assert after.text == "[] True interrupt True\n"
    ready.run("scripted(['fine'])").check()
    assert "fine" in ready.run("%%hf_infer -m scripted\nagain").check().text


def test_an_interrupt_while_loading(ready):
    ready.run("scripted(words, load=2)").check()

    def stop(message):
        if "loading scripted" in str(message["content"]):
            stop.pressed = stop.pressed or not ready.interrupt()

    stop.pressed = False
    reply = ready.run("%%hf_infer -m scripted\nhello", on_message=stop)
    assert reply.ename == "Interrupted"
    assert "was not loaded yet" in reply.traceback[0]
    assert "loading scripted" not in reply.text


def test_a_timeout_fails_the_cell_and_keeps_the_text(ready):
    ready.run("scripted(words * 100)").check()
    reply = ready.run("%%hf_infer -m scripted --timeout 0.5 -o kept\nhello")
    assert (reply.status, reply.ename) == ("error", "TimedOutError")
    assert ready.run("print(kept.text.startswith('w0 w1 '), kept.stopped, left())").check().text == "True timeout []\n"


def test_a_failure_half_way_fails_the_cell_and_keeps_the_text(ready):
    ready.run("scripted(words[:3], fail=RuntimeError('boom'))").check()
    reply = ready.run("%%hf_infer -m scripted -o kept\nhello")
    assert reply.status == "error"
    assert len(reply.traceback) <= 5
    assert "RuntimeError: boom" in reply.traceback[0]
    assert "w0 w1 w2" in reply.text
    assert ready.run("print(kept.text, kept.stopped)").check().text == "w0 w1 w2  error\n"


def test_json_is_parsed_or_fails_with_the_text_kept(ready):
    ready.run("""scripted(['{"a": ', '[1, 2]}'])""").check()
    ready.run("%%hf_infer -m scripted --format json -o x\nhello").check()
    assert ready.run("x.value").check().text.strip() == "{'a': [1, 2]}"
    ready.run("scripted(['sorry, no'])").check()
    reply = ready.run("%%hf_infer -m scripted --format json -o x\nhello")
    assert reply.status == "error"
    assert "not JSON" in reply.traceback[0]
    assert ready.run("print(x.text, x.value)").check().text == "sorry, no None\n"


def test_code_goes_into_the_next_cell_without_fence_or_prose(ready):
    ready.run("scripted(['Sure:', '\\n\\n```py', 'thon\\nprint(1)\\n``', '`\\nEnjoy!'])").check()
    reply = ready.run("%%hf_infer -m scripted --format code\nhello").check()
    assert reply.payload == [{"source": "set_next_input", "text": "print(1)", "replace": False}]
    ready.run("scripted(['print(1)'])").check()
    reply = ready.run("%%hf_infer -m scripted --format code\nhello")
    assert reply.status == "error"
    assert not reply.payload


def test_a_chat_goes_on_and_begins_anew(ready):
    ready.run("import hfmagic\nscripted(['a'])").check()
    for line in ("--chat fox", "--chat fox"):
        ready.run(f"%%hf_infer -m scripted {line}\nhello").check()
    assert ready.run("len(hfmagic.chats['fox'])").check().text.strip() == "4"
    ready.run("%%hf_infer -m scripted --chat fox --reset\nnew").check()
    assert ready.run("[t['content'] for t in hfmagic.chats['fox']]").check().text.strip() == "['new', 'a']"
    ready.run("%hf_infer --chat fox --reset").check()
    assert ready.run("dict(hfmagic.chats)").check().text.strip() == "{}"
    assert ready.run("%hf_infer --reset").status == "error"


@pytest.mark.parametrize("cell", ["%hf_infer -m scripted", "%%hf_infer -m scripted\n \n"])
def test_an_empty_prompt_is_an_error(ready, cell):
    reply = ready.run(cell)
    assert (reply.status, reply.ename) == ("error", "PromptError")


def test_quiet_shows_nothing(ready):
    ready.run("scripted(words[:3])").check()
    reply = ready.run("%%hf_infer -m scripted --quiet\nhello").check()
    assert reply.text == ""
    assert not reply.of("display_data")
    reply = ready.run("%hf_infer -m scripted --quiet hello").check()
    assert reply.text == ""
    assert ready.run("str(_hf)").check().text.strip() == "'w0 w1 w2 '"


def test_hostile_text_is_shown_as_text(ready):
    ready.run("scripted(['<img src=x onerror=alert(1)>', '![a](http://127.0.0.1:9/x.png)\\x1b[2J'])").check()
    reply = ready.run("%%hf_infer -m scripted\nhello").check()
    for data in answers(reply):
        assert "<img" not in data["text/html"]
        assert "\x1b" not in data["text/plain"]
    assert "onerror" in reply.text


def test_the_function_does_the_same(ready):
    ready.run("import hfmagic\nscripted(['one ', 'two'])").check()
    reply = ready.run("r = hfmagic.infer('hello', model='scripted', stream=True)").check()
    assert "one two" in reply.text
    assert ready.run("r2 = hfmagic.infer('hello', model='scripted'); str(r2)").check().text.strip() == "'one two'"
    assert ready.run("r2").check().text.strip() == "one two"
    for wrong in ("None", "5", "['hi']", "[{'role': 'user', 'content': None}]", "[]"):
        assert ready.run(f"hfmagic.infer({wrong}, model='scripted')").ename == "PromptError"
    assert ready.run("hfmagic.infer('hi', model='scripted', stop=5)").ename == "HFMagicError"
    assert ready.run("from pathlib import Path\nhfmagic.infer('hi', model=Path('scripted'))").status == "ok"


def test_settings_are_the_defaults(ready):
    ready.run("scripted(['x'])").check()
    ready.run("%config HFMagic.default_model = 'mine'").check()
    ready.run("%config HFMagic.timeout = 0.4").check()
    assert "pick a real one" not in ready.run("%hf_infer hi").check().text
    ready.run("scripted(words * 10)").check()
    assert ready.run("%hf_infer hi").ename == "TimedOutError"
