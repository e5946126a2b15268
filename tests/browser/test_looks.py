"""How an answer looks and behaves in a real notebook; the pictures are in artifacts/."""

from itertools import pairwise

import pytest

pytestmark = pytest.mark.browser

ANSWER = r"""# How a transformer reads

A **transformer** turns text into *tokens* and lets every token look at every other one; the weights say how much.
In short: `softmax(QKᵀ/√d)·V`. See [the paper](https://arxiv.org/abs/1706.03762) or <https://huggingface.co/docs>.

## The steps

1. Split the text into tokens
2. Look up an embedding for each
   - position is added here
   - the table has $|V| \times d$ entries
3. Apply $n$ blocks of attention

> Attention is a weighted mean, nothing more. It costs $5 and $6, not a formula.

```python
import torch

def attention(q, k, v, scale: float = 1.0):
    # every query meets every key
    scores = q @ k.transpose(-1, -2) * scale / q.shape[-1] ** 0.5
    return torch.softmax(scores, dim=-1) @ v  # "weighted mean", a comment that goes on and on beyond the edge of the box

print(f"done in {3.5} s", None, True)
```

| model | parameters | context |
|:------|-----------:|:-------:|
| tiny | 15 M | 512 |
| small, with a name that is long enough to wrap in a narrow window | 125 M | 2,048 |
| `large` | 7 B | 32,768 |

The loss is

$$\mathcal{L} = -\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(x_i \mid x_{<i})$$

and \(\theta\) its parameters; a removed term is $\cancel{x}$, a matrix is \[\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\]

![a picture](https://example.com/attention.png)

---

### A diff and some JSON

```diff
- old = 1
+ new = 2
```

```json
{"model": "tiny", "layers": 12, "tied": true, "rope": null}
```
"""
FOOTER = "HuggingFaceTB/SmolLM2-135M-Instruct · 212 tokens · 41 tok/s · first after 0.3 s · peak 1.4 GB"
SHOW = """
from hfmagic.display.answer import open_answer
answer = open_answer()
answer.write(TEXT)
answer.finish(TEXT, FOOTER)
"""


def prepare(*more):
    return [f"TEXT = {ANSWER!r}\nFOOTER = {FOOTER!r}", SHOW, *more]


def test_an_answer_in_both_themes(open_notebook, front):
    table = """
from IPython.display import publish_display_data
from hfmagic.display.table import table_bundle
publish_display_data(table_bundle([["CPU", "2 cores", "14 %"], ["RAM", "25 GB", "3.1 GB"]], ["what", "there is", "used"]))
forced = open_answer(theme="dark")
forced.finish("A *forced* dark theme with `code` and a [link](https://huggingface.co/models).\\n\\n```python\\nx = 1\\n```", "footer")
plain = open_answer("text")
plain.finish("Plain text with <b> and $x$\\n   indented", "")
data = open_answer("json")
data.finish('{"a": [1, 2.5, null], "b": "c"}', "")
"""
    notebook = open_notebook(prepare(table), front)
    notebook.run_all()
    output = notebook.output(1)
    notebook.page.wait_for_function("() => document.querySelectorAll('mjx-container').length >= 6")
    assert output.locator("mjx-container").count() == 6, "the six formulas, and not the prices"
    assert output.locator("h1").inner_text() == "How a transformer reads"
    assert output.locator("pre").nth(0).inner_text() == ANSWER.partition("```python\n")[2].partition("```")[0]
    assert output.locator("img, style:not(:first-child)").count() == 0
    assert "[image: a picture] https://example.com/attention.png" in output.inner_text()
    assert "(https://arxiv.org/abs/1706.03762)" in output.inner_text()
    assert FOOTER in output.inner_text()
    for shade in ("light", "dark"):
        notebook.theme(shade)
        notebook.screenshot("answer", height=2300)
        ink, paper = colours(output.locator(".hfm p").first)
        assert contrast(ink, paper) >= 7, (shade, ink, paper)
        for where in (".hfm-quiet", ".hfm-url", "pre .k", "pre .sa, pre .s2", "pre .c1", "blockquote", "a", "pre .kc", "pre .nf"):
            ink, paper = colours(output.locator(where).first)
            assert contrast(ink, paper) >= 4.5, (shade, where, ink, paper)
    assert notebook.foreign_requests == []


def test_the_saved_notebook_holds_only_the_last_state(open_notebook):
    notebook = open_notebook(prepare(), "lab")
    notebook.run_all()
    outputs = notebook.saved()["cells"][1]["outputs"]
    assert [set(output["data"]) for output in outputs] == [{"text/html", "text/plain"}] * 2
    assert "".join(outputs[0]["data"]["text/plain"]) == ANSWER
    assert "".join(outputs[1]["data"]["text/plain"]) == FOOTER


def test_nothing_jumps_while_it_streams(open_notebook, front):
    stream = """
import time
answer = open_answer(controls={"text/html": "<button>Stop</button>", "text/plain": "Stop"}, hz=30)
for start in range(0, len(TEXT), 12):
    answer.write(TEXT[start:start + 12])
    answer.tick()
    time.sleep(0.02)
answer.finish(TEXT, FOOTER)
"""
    notebook = open_notebook(prepare(stream), front)
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.page.wait_for_function("() => document.querySelectorAll('mjx-container').length >= 6")
    notebook.page.evaluate(WATCH)
    notebook.run_cell(2)
    seen = notebook.page.evaluate("() => window.hfmagicWatched")
    heights = [state["height"] for state in seen]
    shrunk = [(a, b) for a, b in pairwise(heights) if b < a - 30]
    assert len(set(heights)) > 10, "it grows in small steps"
    assert len(shrunk) <= 3, f"more than a line lost: {shrunk}"
    assert max((a - b for a, b in pairwise(heights)), default=0) < 120, "nor ever much at once"
    growing = [state for state in seen if state["height"] > 150]  # before, the front end brings the cell that runs into view
    assert len({state["scroll"] for state in growing}) == 1, "the page does not scroll by itself"
    assert len({state["code"] for state in growing}) == 1, "the code above stays where it is"


# Notes the height of the third cell's output and the place of what is above, in every frame.
WATCH = """() => {
  const seen = window.hfmagicWatched = [];
  const scroller = document.querySelector('.jp-WindowedPanel-outer') || document.querySelector('.jp-Notebook');
  scroller.scrollTop = Math.min(300, scroller.scrollHeight);
  const look = () => {
    const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[2];
    const output = cell.querySelector('.jp-Cell-outputArea');
    const height = output ? Math.round(output.getBoundingClientRect().height) : 0;
    if (height) seen.push({height, scroll: Math.round(scroller.scrollTop), code: Math.round(cell.getBoundingClientRect().top)});
    requestAnimationFrame(look);
  };
  look();
}"""


def colours(element):
    """The colour of an element's text and of the paper below it, as the browser computed them."""
    return element.evaluate("""element => {
      const parse = colour => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        const data = canvas.getImageData(0, 0, 1, 1).data;
        return [data[0], data[1], data[2], data[3] / 255];
      };
      const layers = [];
      for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
      const canvasPixel = layer => layer[3] ? layer : [0, 0, 0, 0];
      let paper = [255, 255, 255];
      for (const layer of layers.map(canvasPixel).reverse()) paper = paper.map((value, i) => value * (1 - layer[3]) + layer[i] * layer[3]);
      return [parse(getComputedStyle(element).color).slice(0, 3), paper];
    }""")


def contrast(one, other):
    def luminance(colour):
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
