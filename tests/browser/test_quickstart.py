"""The quickstart as a person meets it: opened, run, read, in both front ends and both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_page import PANEL

pytestmark = [pytest.mark.browser, pytest.mark.torch]

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart.ipynb"
# Notebook 7.6 says these at start, without us.
FRONT_ENDS_OWN = ("Cannot read properties of undefined (reading 'schema')", "Command 'filebrowser:open-path' not registered")


def cell_of(notebook, source):
    """The number of the cell that begins with `source`."""
    sources = [cell.inner_text() for cell in notebook.page.locator(".jp-Notebook .jp-Cell .jp-InputArea-editor").all()]
    return next(number for number, text in enumerate(sources) if text.strip().startswith(source))


def test_quickstart(open_notebook, front):
    notebook = open_notebook(QUICKSTART, front)
    notebook.run_all(timeout=180)
    story = notebook.output(cell_of(notebook, "%hf_infer -m demo Tell me a story about a fox"))
    assert "fox" in story.inner_text()
    assert "tok/s" in story.inner_text()
    assert story.locator("button").count() == 0, "the Stop button is gone"
    rain = notebook.output(cell_of(notebook, "%%hf_infer -m demo -o answer"))
    assert "rain" in rain.inner_text().lower()
    assert "{{topic}}" not in rain.inner_text()
    assert "in use" in notebook.output(cell_of(notebook, "%hf_resources")).inner_text()
    assert "--temperature" in notebook.output(cell_of(notebook, "%hf_infer --help")).inner_text()
    assert notebook.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count() == 0
    badge = [url for url in notebook.foreign_requests if "colab-badge" in url]
    assert notebook.foreign_requests == badge, "only the notebook's own text asks for its badge"
    assert [error for error in notebook.errors if not any(own in error for own in FRONT_ENDS_OWN)] == []
    saved = notebook.saved()
    kinds = {kind for cell in saved["cells"] for output in cell.get("outputs", ()) for kind in output.get("data", {})}
    assert kinds <= {"text/html", "text/plain"}
    for shade in ("dark", "light"):  # the next notebook opens in the last one
        notebook.theme(shade)
        notebook.screenshot("quickstart", height=3600)


def test_the_button_under_a_streaming_answer_stops_it(open_notebook, front):
    long = (
        "from pathlib import Path\n"
        "from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM\n"
        "from hfmagic.inference.load import DEMO_FOLDER\n"
        "tokenizer = AutoTokenizer.from_pretrained(DEMO_FOLDER); tokenizer.save_pretrained('long')\n"
        "LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=4,\n"
        "    num_attention_heads=4, max_position_embeddings=100_000, bos_token_id=None, eos_token_id=None, pad_token_id=0)\n"
        ").save_pretrained('long')"
    )
    asks = "%%hf_infer -m ./long --max-new-tokens 90000 -o kept\nTell me a story"
    notebook = open_notebook(["%load_ext hfmagic", long, asks, "print(kept.stopped, len(kept.text) > 20)"], front)
    for number in (0, 1):
        notebook.run_cell(number)
    notebook.page.evaluate(
        f"() => {{ ({PANEL}).content.activeCellIndex = 2; window.jupyterapp.commands.execute('notebook:run-all-below'); }}"
    )
    button = notebook.output(2).get_by_role("button", name="Stop")
    button.wait_for()
    notebook.page.wait_for_function(
        "() => document.querySelectorAll('.jp-Notebook .jp-Cell')[2].querySelector('.jp-Cell-outputArea').innerText.length > 60"
    )
    notebook.screenshot("streaming", height=700)
    button.click()
    notebook.wait_idle()
    assert "stopped, " in notebook.output(2).inner_text()
    assert notebook.output(2).get_by_role("button").count() == 0
    assert notebook.output(3).inner_text().strip() == "button True"
