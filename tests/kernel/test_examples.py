"""The notebooks of examples/ run from top to bottom without network, and show what they promise."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.torch


@pytest.fixture
def executed(tmp_path, monkeypatch):
    for name, value in {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hf"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "OMP_NUM_THREADS": "1",
    }.items():
        monkeypatch.setenv(name, value)

    def execute(name):
        notebook = nbformat.read(EXAMPLES / name, as_version=4)
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells), "notebooks are kept without outputs"
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
        return notebook

    return execute


def shown(cell):
    return "\n".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def cell_with(notebook, start):
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(start))


def test_quickstart(executed):
    notebook = executed("quickstart.ipynb")
    assert "fox" in shown(cell_with(notebook, "%hf_infer -m demo Tell"))
    assert "rain" in shown(cell_with(notebook, "%%hf_infer -m demo -o answer")).lower()
    assert "new_tokens=" in shown(cell_with(notebook, "print(answer)"))
    assert shown(cell_with(notebook, "import hfmagic")) == "['user', 'assistant', 'user', 'assistant']"
    assert "'name'" in shown(cell_with(notebook, "fox.value"))
    assert shown(cell_with(notebook, "result.timing")) == "(True, True)"
    assert "--temperature" in shown(cell_with(notebook, "%hf_infer --help"))
    kinds = {kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", {})}
    assert kinds <= {"text/html", "text/plain"}, "no widget is left in the saved notebook"
