"""The Stop button under ``%hf_infer`` in a real kernel, with an engine written out here: needs no torch."""

from __future__ import annotations

import pytest

VIEW = "application/vnd.jupyter.widget-view+json"
ENGINE = r"""
%load_ext hfmagic
import itertools, threading, time
from hfmagic.inference import run as _run

def engine(request, work):
    work.model = "scripted"
    work.ready()
    for n in itertools.count():
        if work.cancel.wait(0.01):
            return
        work.token_ids.append(n)
        work.first_token_at = work.first_token_at or time.perf_counter()
        work.emit(f"w{n} ")

_run.engine_for = lambda request: engine
comms = get_ipython().kernel.comm_manager.comms
"""


@pytest.fixture
def attended(kernel):
    """A kernel whose front end has a person in front of it: it would answer ``input()``."""
    kernel.run(ENGINE).check()
    return kernel


def when_it_streams(action):
    """Call `action(model id of the button)` once, when the button and some words are there."""
    seen = {}

    def on_message(message):
        data = message["content"].get("data", {})
        seen["button"] = data.get(VIEW, {}).get("model_id") or seen.get("button")
        if seen["button"] and "w9 " in data.get("text/plain", "") and not seen.get("done"):
            seen["done"] = True
            action(seen["button"])

    return on_message


def last_states(reply):
    """What stays in the notebook: the last state of each display."""
    shown = [m["content"] for m in reply.messages if m["msg_type"] in {"display_data", "update_display_data"}]
    return list({content["transient"]["display_id"]: content["data"] for content in shown}.values())


def test_a_click_ends_the_answer_gently(attended):
    def click(button):
        data = {"method": "custom", "content": {"event": "click"}}
        attended.client.shell_channel.send(attended.client.session.msg("comm_msg", {"comm_id": button, "data": data}))

    reply = attended.run("%%hf_infer -m scripted -o kept\nhello", on_message=when_it_streams(click)).check()
    assert "stopped, " in reply.text
    assert not [state for state in last_states(reply) if VIEW in state]
    after = attended.run("print(kept.stopped, kept.text[:9], [t.name for t in threading.enumerate() if 'hfmagic' in t.name], len(comms))")
    assert after.check().text == "button w0 w1 w2  [] 0\n"


def test_an_interrupt_takes_the_button_away_too(attended):
    reply = attended.run("%%hf_infer -m scripted\nhello", on_message=when_it_streams(lambda _button: attended.interrupt()))
    assert reply.ename == "Interrupted"
    assert not [state for state in last_states(reply) if VIEW in state]
    assert attended.run("print(_hf.stopped, len(comms))").check().text == "interrupt 0\n"


def test_no_button_is_left_in_a_notebook_that_is_executed_unattended(kernel):
    kernel.run(ENGINE).check()
    reply = kernel.run("%%hf_infer -m scripted --timeout 1\nhello", allow_stdin=False)
    assert reply.ename == "TimedOutError"
    assert not [message for message in reply.messages if message["msg_type"].startswith("comm_")]
    assert kernel.run("import sys; print('ipywidgets' in sys.modules)").check().text == "False\n"
