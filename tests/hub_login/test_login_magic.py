"""``%hf_login`` in a real kernel: one quiet line, and the token nowhere."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def notebook(start_kernel, hub, token):
    kernel = start_kernel(HF_ENDPOINT=hub.url, HF_TOKEN=token, HF_HUB_OFFLINE="0", NO_PROXY="*")
    kernel.run("%load_ext hfmagic").check()
    return kernel


def test_one_quiet_line_and_no_value(notebook):
    reply = notebook.run("who = %hf_login\nprint(who)").check()
    assert reply.text == "Logged in as ada (token 'my laptop', read, from HF_TOKEN in the environment)\nNone\n"


def test_a_line_is_a_line_whatever_the_hub_says(notebook, hub):
    hub.answer = {"name": "a\x1b[2Jd\na\u202e", "auth": {"accessToken": {"displayName": "<b>x</b>\r\n", "role": "write"}}}
    assert notebook.run("%hf_login").check().text == "Logged in as ad a (token '<b>x</b> ', write, from HF_TOKEN in the environment)\n"


def test_an_interrupt_ends_the_waiting(notebook, hub):
    hub.mode = "slow"
    reply = notebook.run(
        "print('now', flush=True)\n%hf_login --timeout 100",
        on_message=lambda m: notebook.interrupt() if m["msg_type"] == "stream" else None,
    )
    assert reply.status == "error"
    assert reply.ename in {"Interrupted", "KeyboardInterrupt"}
    hub.mode = "normal"
    assert "Logged in as ada" in notebook.run("%hf_login").check().text


LOOK_CLOSELY = """
import sys, traceback
found = __import__("hfmagic.hub.identity", fromlist=["x"]).find_token()
print(repr(found), str(found), [found], f"{found}", vars(__builtins__).get("nothing"))
error = getattr(sys, "last_value", None)
if error is not None:
    print("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()))
    print(error.args, error.__dict__, error.__cause__, error.__context__)
    assert error.__cause__ is None and error.__context__ is None
    import pickle
    print(pickle.dumps(error, 0) if not error.result else "")
"""


@pytest.mark.parametrize("mode", ["normal", "echo", "echo 401", 500, "drop", "html", "slow"])
def test_the_token_is_nowhere(notebook, hub, token, mode):
    notebook.run("%xmode Verbose").check()
    hub.mode = mode
    for line in ("%hf_login --timeout 2", "%hf_login --timeout 2 --debug", "import hfmagic; hfmagic.login(timeout=2)"):
        reply = notebook.run(line)
        assert reply.status == ("ok" if mode in {"normal", "echo"} else "error"), reply.text
        notebook.run(LOOK_CLOSELY).check()
    notebook.run("%tb").messages  # noqa: B018 (sent to iopub, which is what is looked at)
    notebook.drain()
    assert hub.requests.count("/api/whoami-v2") == 3
    assert token not in json.dumps(notebook.everything, default=str)
    assert token[3:] not in json.dumps(notebook.everything, default=str)
    for file in notebook.home.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file
