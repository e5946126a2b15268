"""The Stop button: how it is shown, when there is none, and that nothing of it is left."""

from __future__ import annotations

from importlib.metadata import version

import pytest

SHOW = """
from IPython.display import display
button = stop_button(event)
shown = display(button.bundle, raw=True, display_id=True)
"""


def test_it_is_a_plain_button_with_no_other_text(page):
    page.run(SHOW)
    [opened] = [
        m["content"]["data"]["state"] for m in page.heard if m["msg_type"] == "comm_open" and "description" in m["content"]["data"]["state"]
    ]
    assert (opened["_model_module"], opened["_model_name"], opened["description"]) == ("@jupyter-widgets/controls", "ButtonModel", "Stop")
    [view] = [m["content"] for m in page.heard if m["msg_type"] == "display_data"]
    assert set(view["data"]) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert view["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == page.model("ButtonModel")
    assert page.run("import sys; print('anywidget' in sys.modules)") == "False\n"


def test_closing_leaves_nothing_and_may_be_repeated(page):
    page.run("import ipywidgets; before = len(get_ipython().kernel.comm_manager.comms)")
    page.run(SHOW)
    cell = page.execute("button.close(); button.close(); button.poll(); print(len(get_ipython().kernel.comm_manager.comms) - before)")
    assert page.printed(cell) == "0\n"
    opened = {m["content"]["comm_id"] for m in page.heard if m["msg_type"] == "comm_open"}
    closed = [content["comm_id"] for content in page.of(cell, "comm_close")]
    assert sorted(closed) == sorted(opened)


def test_a_button_without_a_cell_works_too(front_end):
    front_end.run(SHOW)
    click = front_end.click(front_end.model("ButtonModel"))
    front_end.of(click, "status")
    assert front_end.run("print(event.is_set())") == "True\n"


def test_it_is_greyed_once_somebody_stopped(page):
    cell = page.execute(SHOW + "button.poll(); event.set(); button.poll(); button.poll()")
    updates = [content["data"]["state"] for content in page.of(cell, "comm_msg")]
    assert updates == [{"disabled": True}]


def test_two_buttons_hear_each_others_polls(page):
    """A cell inside a cell: the inner one polls, the outer one is clicked."""
    cell = page.execute(
        "outer = stop_button(event); inner = stop_button(threading.Event())\nprint('ready', flush=True); wait_for_message()\n"
        "inner.poll(); print(event.is_set(), inner.event.is_set())"
    )
    page.wait_for_text("ready")
    outer, _ = page.models("ButtonModel")
    page.click(outer)
    assert page.printed(cell) == "ready\nTrue False\n"


def test_nobody_is_there_when_a_notebook_is_executed_unattended(page):
    assert page.run("print(stop_button(event))", allow_stdin=False) == "None\n"


@pytest.mark.parametrize(
    "state", ["sys.modules['ipywidgets'] = None", "import ipywidgets; ipywidgets.Button = None"], ids=["missing", "broken"]
)
def test_without_ipywidgets_there_is_none(page, state):
    assert page.run(f"import sys; {state}; print(stop_button(event))") == "None\n"


if int(version("ipykernel").split(".")[0]) >= 7:  # subshells

    def test_a_cell_in_a_subshell_has_none(page):
        message = page.client.session.msg("execute_request", {"code": "print(find_pump(), stop_button(event))", "silent": False})
        message["header"]["subshell_id"] = page.make_subshell()
        page.client.shell_channel.send(message)
        assert page.printed(message["header"]["msg_id"]) == "None None\n"
