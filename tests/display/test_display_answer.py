"""The live view: in a real kernel, in a terminal, in a script."""

import json
import os
import pty
import subprocess
import sys

import pytest

from hfmagic.display.answer import QuietAnswer, answer_bundle, in_notebook, open_answer
from hfmagic.display.notebook import BUSY, _Pace
from hfmagic.display.terminal import TerminalAnswer
from hostile import violations

PREPARE = "import time\nfrom hfmagic.display.answer import open_answer, answer_bundle\nfast = float('inf')"
KINDS = {"text/html", "text/plain"}


def slots(reply):
    """The states of every display, in the order of their first appearance."""
    found = {}
    for message in reply.messages:
        if message["msg_type"] in {"display_data", "update_display_data"}:
            content = message["content"]
            states = found.setdefault(content["transient"]["display_id"], [])
            assert (message["msg_type"] == "display_data") is (not states), "shown once, updated afterwards"
            states.append(content["data"])
    return list(found.values())


def body(data):
    return data["text/html"].partition("</style>")[2].removeprefix('<div class="hfm">').removesuffix("</div>")


def test_an_answer_from_the_first_sign_to_the_footer(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
answer = open_answer(controls={"text/plain": "Stop"}, hz=fast)
answer.tick()
answer.progress("loading", 0.5)
answer.write("# Hel")
answer.write("lo\\n\\n![x](http://e/x.png) $5 ")
answer.tick()
answer.finish("# Hello\\n\\n![x](http://e/x.png) $5 and $x$", "model · 3 tokens")
answer.close(); answer.finish("again", "again"); answer.write("again"); answer.progress("again"); answer.tick()
""").check()
    answer, status = slots(reply)
    image = '<span class="hfm-img">[image: x] http://e/x.png</span>'
    assert [body(data) for data in answer] == [
        '<div class="hfm-quiet"></div>',
        '<div class="hfm-quiet">loading 50%</div>',
        "<h1>Hel</h1>\n",
        f"<h1>Hello</h1>\n<p>{image} <span>$</span>5</p>\n",
        f'<h1>Hello</h1>\n<p>{image} <span>$</span>5 and <span class="hfm-math">$x$</span></p>\n',
    ]
    assert answer[-1]["text/plain"] == "# Hello\n\n![x](http://e/x.png) $5 and $x$"
    assert all(set(data) == KINDS for data in answer)
    assert status[0] == {"text/plain": "Stop"}
    assert (body(status[1]), status[1]["text/plain"]) == ('<div class="hfm-quiet">model · 3 tokens</div>', "model · 3 tokens")
    assert len(status) == 2


def test_updates_are_coalesced_and_the_last_one_is_complete(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
answer = open_answer()
began = time.perf_counter()
for n in range(400):
    answer.write(f"word{n} ")
    answer.tick()
    time.sleep(0.002)
took = time.perf_counter() - began
answer.close()
print(took)
""").check()
    (answer,) = slots(reply)
    took = float(reply.of("stream")[0]["text"])
    assert 3 <= len(answer) <= 12 * took + 3
    assert answer[0]["text/plain"] == "word0 ", "the first word is shown at once"
    assert answer[-1]["text/plain"].split()[-1] == "word399"


def test_what_was_held_back_comes_with_a_tick(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
answer = open_answer(hz=5)
answer.write("one ")
answer.write("two ")
for _ in range(40):
    time.sleep(0.05)
    answer.tick()
""").check()
    (answer,) = slots(reply)
    assert [data["text/plain"] for data in answer] == ["one ", "one two "]


def test_closing_before_a_word_leaves_nothing(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
answer = open_answer(controls={"text/plain": "Stop"})
answer.progress("loading")
answer.close()
answer.close()
silent = open_answer()
silent.tick()
silent.close()
""").check()
    answer, status = slots(reply)
    assert answer[-1] == status[-1] == {"text/html": "", "text/plain": ""}


def test_closing_after_a_word_keeps_it(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
answer = open_answer(controls={"text/plain": "Stop"})
answer.write("half ")
answer.write("an **answer**")
answer.close()
""").check()
    answer, status = slots(reply)
    assert body(answer[-1]) == "<p>half an <strong>answer</strong></p>\n"
    assert status[-1] == {"text/html": "", "text/plain": ""}


def test_formats(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("""
for kind, text in (("text", "a <b> $x$"), ("json", '{"a": 1}'), ("json", '{"a": '), ("code", "# x")):
    answer = open_answer(kind, hz=fast)
    answer.write(text)
    answer.finish(text, "")
open_answer(quiet=True).finish("unseen", "unseen")
""").check()
    text, value, broken, code = slots(reply)
    assert body(text[-1]) == '<pre class="hfm-text"><code>a &lt;b&gt; $x$</code></pre>'
    assert body(value[0]) == '<pre class="highlight"><code>{&quot;a&quot;: 1}</code></pre>'
    assert '<span class="nt">' in body(value[-1])
    assert body(broken[-1]) == '<pre class="highlight"><code>{&quot;a&quot;: </code></pre>'
    assert body(code[-1]) == '<pre class="highlight"><code># x</code></pre>'


def test_theme_is_forced_where_asked(kernel):
    kernel.run(PREPARE).check()
    reply = kernel.run("answer = open_answer(theme='dark')\nanswer.write('x')\nanswer.finish('x', 'f')").check()
    assert all('<div class="hfm hfm-dark">' in data["text/html"] for states in slots(reply) for data in states)


def test_pace_waits_for_what_an_update_cost():
    pace = _Pace(12.0)
    assert pace.is_time()
    pace._began = -1.0
    pace.__exit__()  # an update that took a second and more
    assert pace._next - __import__("time").perf_counter() > BUSY * 0.9
    unthrottled = _Pace(float("inf"))
    with unthrottled as update:
        update.sent = 10**9
    assert unthrottled.is_time()


def test_bundle_of_a_finished_answer():
    bundle = answer_bundle("**a** \x1b[31mb", theme="light")
    assert bundle["text/plain"] == "**a** b"
    assert bundle["text/html"].endswith('<div class="hfm hfm-light"><p><strong>a</strong> b</p>\n</div>')
    assert violations(body(answer_bundle("x"))) == []


def test_outside_a_notebook_it_is_a_terminal(capsys):
    assert not in_notebook()
    assert isinstance(open_answer(quiet=True), QuietAnswer)
    answer = open_answer()
    assert isinstance(answer, TerminalAnswer)
    answer.progress("loading")  # nobody watches: stderr is no terminal
    for piece in ("a\x1b", "[31mb", "\x1b[0m\u202e c\r", "\nd"):
        answer.write(piece)
    answer.tick()
    answer.finish("a\x1b[31mb\x1b[0m\u202e c\r\nd and the rest", "model · 3 tokens\x1b[2J")
    answer.close()
    out = capsys.readouterr()
    assert out.out == "ab c\nd and the rest\nmodel · 3 tokens\n"
    assert out.err == ""


def test_a_terminal_answer_that_fails_ends_its_line(capsys):
    answer = TerminalAnswer()
    answer.write("half")
    answer.close()
    answer.close()
    assert capsys.readouterr().out == "half\n"
    TerminalAnswer().close()
    assert capsys.readouterr().out == ""


def test_progress_in_a_real_terminal_disappears():
    steps = "a.progress('loading', .5); a.progress('more'); a.write('hi'); a.finish('hi', 'f')"
    code = f"from hfmagic.display.answer import open_answer\na = open_answer(); {steps}"
    terminal, line = pty.openpty()
    try:
        done = subprocess.run([sys.executable, "-c", code], stderr=line, stdout=subprocess.PIPE, text=True, check=True)
        assert os.read(terminal, 4096) == b"\rloading 50%\x1b[K\rmore\x1b[K\r\x1b[K"
    finally:
        os.close(terminal)
        os.close(line)
    assert done.stdout == "hi\nf\n"


@pytest.mark.parametrize("module", ["answer", "text", "table", "style", "formats", "notebook", "terminal"])
def test_importing_is_light(module):
    heavy = ["IPython", "markdown_it", "nh3", "pygments", "ipywidgets", "numpy", "torch"]
    code = f"import sys, json, hfmagic.display.{module}\nprint(json.dumps([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    assert json.loads(done.stdout) == []
