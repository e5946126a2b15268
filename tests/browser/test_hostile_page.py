"""The hostile corpus in a real notebook: nothing runs, nothing is fetched, nothing is covered; finished and letter by letter."""

from pathlib import Path

import pytest

from hostile import CORPUS, COUNTER

pytestmark = pytest.mark.browser

FINISHED = """
from IPython.display import publish_display_data
from hfmagic.display.table import table_bundle
for text in ITEMS.values():
    open_answer().finish(text, text)
busy = open_answer(hz=float("inf"))
for text in ITEMS.values():
    busy.progress(text, 0.5)
for kind in ("text", "json", "code"):
    open_answer(kind).finish("\\n".join(ITEMS.values()), "")
publish_display_data(table_bundle([[text] for text in ITEMS.values()], [ITEMS["many-things"]]))
"""
# The k-th state holds the first k letters of every item; then all of them arrive as one text, through the front door.
LETTERS = """
from hfmagic.display.markdown import MarkdownStream
from hfmagic.display.notebook import _Slot
from hfmagic.display.style import wrap
streams, shown = {text: MarkdownStream() for text in ITEMS.values()}, {}
slot, longest = _Slot(), max(map(len, ITEMS.values()))
for end in range(1, longest + 1):
    shown |= {text: f"<div>{stream.html(text[:end])}</div>" for text, stream in streams.items() if end <= len(text)}
    slot.show({"text/html": wrap(''.join(shown.values())), "text/plain": str(end)})
answer, whole = open_answer(hz=float("inf")), "\\n\\n".join(ITEMS.values())
for start in range(0, len(whole), 50):
    answer.write(whole[start : start + 50])
answer.finish(whole, whole)
print(longest + len(whole) // 50, "states")
"""
# Shows the same as a front end would, to prove that this page and this listener notice harm.
RAW = """
from IPython.display import HTML, Markdown, display
for name in ("img-onerror", "script", "image-html", "css-url", "overlay"):
    display(HTML(ITEMS[name]))
display(Markdown(ITEMS["image"]))
"""
# Notes every element that has no place in an answer, also one that stood there for a moment only.
GUARD = """() => {
  window.hfmagicIntruders = [];
  const bad = ['img,script,iframe,object,embed,form,input,button,video,audio,link,meta,base,svg,dialog,template',
    '[style*=url],[onerror],[onload],[src]'].join();
  window.hfmagicStates = window.hfmagicOwned = 0;
  const note = element => {
    if (element.nodeType !== 1 || !element.closest('.hfm')) return;
    window.hfmagicStates += 1;
    for (const found of [element, ...element.querySelectorAll('*')]) {
      if (found.closest('mjx-container')) continue;
      if (found.matches(bad)) window.hfmagicIntruders.push(found.outerHTML.slice(0, 200));
    }
  };
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(note)))
    .observe(document.body, {childList: true, subtree: true});
}"""
# Clicks on all that is no link, and tells what is in the answers.
INSPECT = """() => {
  const answers = [...document.querySelectorAll('.hfm')];
  const all = answers.flatMap(answer => [...answer.querySelectorAll('*')]).filter(element => !element.closest('mjx-container'));
  for (const element of all) if (!element.closest('a')) element.click();
  return {
    answers: answers.length,
    tags: [...new Set(all.map(element => element.tagName.toLowerCase()))].sort(),
    placed: all.filter(element => !['static', 'relative'].includes(getComputedStyle(element).position)).map(element => element.outerHTML),
    links: [...new Set(all.filter(element => element.tagName === 'A').map(element => element.protocol))].sort(),
    attributes: [...new Set(all.flatMap(element => element.getAttributeNames()))].sort(),
  };
}"""
TAG_NAMES = "a blockquote br code div em h1 hr li ol p pre s span strong table tbody td th thead tr ul"


def test_nothing_runs_nothing_is_fetched_nothing_is_covered(open_notebook, front, listener):
    prepare = f"""
import sys
sys.path.append({str(Path(__file__).parents[1])!r})
from hostile import items
from hfmagic.display.answer import open_answer
ITEMS = items({listener.url!r})
"""
    notebook = open_notebook([prepare, LETTERS, FINISHED, RAW], front)
    page = notebook.page
    page.evaluate(GUARD)

    notebook.run_cell(0)
    notebook.run_cell(1)
    assert "states" in notebook.output(1).inner_text()
    states = page.evaluate("() => window.hfmagicStates")
    assert states > 400, "letter by letter it was drawn"
    notebook.run_cell(2)
    seen = page.evaluate(INSPECT)
    assert seen["answers"] >= 2 * len(CORPUS) + 4
    assert set(seen["tags"]) <= set(TAG_NAMES.split())
    assert seen["placed"] == []
    assert set(seen["links"]) <= {"http:", "https:", "mailto:"}
    assert set(seen["attributes"]) <= {"class", "href", "rel", "start", "style", "target", "title"}
    page.wait_for_timeout(2000)  # what loads late
    assert page.evaluate("() => window.hfmagicIntruders") == []
    assert page.evaluate(COUNTER) == 0
    assert listener.asked == []
    assert notebook.foreign_requests == []

    notebook.run_cell(3)
    page.wait_for_function(f"() => {COUNTER} >= 2")
    page.wait_for_timeout(1000)
    assert {"/image-html", "/css-url", "/image"} <= set(listener.asked), "the listener hears what is fetched"
    assert page.evaluate("() => [...document.querySelectorAll('.jp-OutputArea *')].some(e => getComputedStyle(e).position === 'fixed')")
