"""A person clicks on Stop while the cell runs."""

import pytest

pytestmark = pytest.mark.browser

BOX = """
import ipywidgets
ticked = []
box = ipywidgets.Checkbox(description="mine")
box.observe(lambda change: ticked.append(running), "value")
box
"""
STEPS = """
import threading, time
from IPython.display import display
from hfmagic.widgets.stop import stop_button

event, running = threading.Event(), True
button = stop_button(event)
shown = display(button.bundle, raw=True, display_id=True)
give_up = time.monotonic() + 60
while not event.is_set() and time.monotonic() < give_up:
    time.sleep(0.02)
    button.poll()
shown.update({"text/plain": "stopped" if event.is_set() else "never"}, raw=True)
button.close()
running = False
"""

# From this cell on; the one that made the box is not run again.
RUN_BELOW = """index => {
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
  window.jupyterapp.commands.execute('notebook:run-all-below');
}"""


def test_the_click_arrives_and_the_button_leaves(open_notebook, front):
    notebook = open_notebook([BOX, STEPS, "print('next')", "print(box.value, ticked)"], front)
    notebook.run_cell(0)
    box = notebook.output(0).locator("input[type=checkbox]")
    box.wait_for()
    notebook.page.evaluate(RUN_BELOW, 1)
    button = notebook.output(1).get_by_role("button", name="Stop")
    button.wait_for()
    notebook.screenshot("stop-button", height=700)
    box.check()
    assert notebook.output(2).inner_text().strip() == ""
    button.click()
    notebook.wait_idle()
    assert notebook.output(1).inner_text().strip() == "stopped"
    assert notebook.output(1).get_by_role("button").count() == 0
    assert notebook.output(2).inner_text().strip() == "next"
    notebook.run_cell(3)
    assert notebook.output(3).inner_text().strip() == "True [False]", "the user's own widget waited for the end of the cell"
    [output] = notebook.saved()["cells"][1]["outputs"]
    assert "".join(output["data"]["text/plain"]) == "stopped"
    assert set(output["data"]) == {"text/plain"}
