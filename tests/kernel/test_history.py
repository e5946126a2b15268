"""A Hub token that was typed in a cell is kept nowhere but where the front end put it: its own cell and its own echo."""

import json
import re

import pytest

TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
IN_A_LINE = f"%hf_infer -m demo --system {TOKEN} hello"
IN_A_BODY = f"%%hf_infer -m demo\nmy token is {TOKEN}, what is yours?"
IN_PYTHON = f'login("{TOKEN}")'  # a NameError, whose traceback shows the source
IN_BAD_PYTHON = f'login("{TOKEN}"'  # a SyntaxError, which shows the source in another way
IN_WORKING_PYTHON = f'length = len("{TOKEN}")'
# Where a session keeps what was typed, in a process that could be asked; `found` must not name the token itself.
SEARCH = """
import linecache as _linecache, json as _json, traceback as _traceback, sys as _sys
_parts = dict(
    In=In, ih=_ih, names={k: v for k, v in list(globals().items()) if k.startswith("_i") and isinstance(v, (str, list))},
    raw=get_ipython().history_manager.input_hist_raw, parsed=get_ipython().history_manager.input_hist_parsed,
    cache=list(get_ipython().history_manager.db_input_cache), lines=[entry[2] for entry in _linecache.cache.values() if len(entry) > 2],
    last=str(get_ipython().last_execution_result and get_ipython().last_execution_result.info.raw_cell),
    rows=list(get_ipython().history_manager.get_range(raw=True)) + list(get_ipython().history_manager.get_range(raw=False)),
    search=list(get_ipython().history_manager.search("*length*")),
)
_secret = "hf_" + "AbCdEfGh"
print([name for name, part in _parts.items() if _secret in repr(part)])
"""


def places(kernel):
    return kernel.run(SEARCH).check().text.strip()


def published(kernel):
    """Everything the kernel has published, but for the echoes of what the front end sent."""
    kernel.drain()
    return json.dumps([m["content"] for m in kernel.everything if m["msg_type"] != "execute_input"], default=str)


def files(kernel):
    """Bytes of the history's files, with the journal if there is one."""
    found = list(kernel.home.glob("ipython/profile_default/history.sqlite*"))
    assert found
    return b"".join(path.read_bytes() for path in found)


@pytest.mark.parametrize("cell", [IN_A_LINE, IN_A_BODY, IN_PYTHON, IN_BAD_PYTHON, IN_WORKING_PYTHON])
def test_a_token_in_a_cell_is_kept_nowhere(kernel, cell):
    kernel.run("%load_ext hfmagic").check()
    reply = kernel.run(cell)
    assert reply.status == ("ok" if cell is IN_WORKING_PYTHON else "error")
    assert places(kernel) == "[]"
    assert "hf_***" in kernel.run("%history").check().text
    kernel.run("%tb")
    history = kernel.run("print(get_ipython().history_manager.writeout_cache())\n%history -g hf_").check().text
    assert "hf_***" in history
    assert TOKEN not in published(kernel)
    assert TOKEN.encode() not in files(kernel)
    assert b"hf_***" in files(kernel)


def test_the_echo_is_the_front_ends_own_and_cannot_be_changed(kernel):
    kernel.run("%load_ext hfmagic").check()
    reply = kernel.run(IN_WORKING_PYTHON)
    assert TOKEN in reply.of("execute_input")[0]["code"]


def test_the_code_itself_still_runs_with_the_token(kernel):
    kernel.run("%load_ext hfmagic").check()
    kernel.run(f'token = "{TOKEN}"').check()
    assert kernel.run("len(token)").check().text == f"{len(TOKEN)}\n"


def test_cells_before_loading_are_masked_too(kernel):
    kernel.run(f'early = "{TOKEN}"[::-1]').check()
    kernel.run("get_ipython().history_manager.writeout_cache()").check()
    assert TOKEN.encode() in files(kernel)
    kernel.run(f"%load_ext hfmagic\nlate = '{TOKEN}'[::-1]").check()
    kernel.run("get_ipython().history_manager.writeout_cache()").check()
    assert places(kernel) == "[]"
    assert TOKEN.encode() not in files(kernel)


def test_the_front_end_is_asked_to_replace_the_cell(kernel):
    kernel.run("%load_ext hfmagic").check()
    reply = kernel.run(IN_A_BODY)
    assert reply.ename == "LineError"
    assert "rotate" in reply.text
    assert reply.payload == [{"source": "set_next_input", "text": IN_A_BODY.replace(TOKEN, "hf_***"), "replace": True}]


def test_a_session_log_is_masked(kernel):
    kernel.run("%load_ext hfmagic").check()
    kernel.run("%logstart -o -r session.log").check()
    kernel.run(IN_WORKING_PYTHON).check()
    kernel.run("%logstop").check()
    log = (kernel.home / "session.log").read_text()
    assert "length" in log
    assert TOKEN not in log


def test_tracebacks_still_point_at_the_right_column(kernel):
    kernel.run("%load_ext hfmagic").check()
    reply = kernel.run(f'length = len("{TOKEN}") + nothing_of_that_name')
    shown = f'length = len("hf_{"*" * 34}") + nothing_of_that_name'
    assert shown in re.sub(r"\x1b\[[0-9;]*m", "", reply.text)


def test_unloading_ends_the_masking(kernel):
    kernel.run("%load_ext hfmagic").check()
    kernel.run("%unload_ext hfmagic").check()
    kernel.run(IN_WORKING_PYTHON).check()
    assert "raw" in places(kernel)
