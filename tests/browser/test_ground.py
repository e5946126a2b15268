"""The test ground itself: a cell runs in both front ends, and what goes elsewhere is noticed."""

import pytest

pytestmark = pytest.mark.browser


def test_a_cell_runs_and_strangers_are_noticed(open_notebook, front, listener):
    notebook = open_notebook(["print(6 * 7)", f"from IPython.display import HTML\nHTML('<img src={listener.url}/pixel>')"], front)
    notebook.run_all()
    assert notebook.output(0).inner_text().strip() == "42"
    notebook.page.wait_for_timeout(500)
    assert set(listener.asked) == {"/pixel"}
    assert set(notebook.foreign_requests) == {f"{listener.url}/pixel"}
    assert notebook.saved()["cells"][0]["outputs"][0]["text"] in ("42\n", ["42\n"])
