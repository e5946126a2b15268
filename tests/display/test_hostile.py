"""The hostile corpus, whole and cut at every character, against a strict reader."""

import re

import pytest

from hfmagic.display.answer import answer_bundle
from hfmagic.display.markdown import MarkdownStream, safe_html
from hfmagic.display.text import PlainStream
from hostile import CORPUS, items, violations

ARMED = items("http://127.0.0.1:9999")
FORMATS = ("markdown", "text", "json", "code")


def test_the_corpus_is_large():
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_whole_and_cut_anywhere_it_is_harmless(name):
    text = ARMED[name]
    stream = MarkdownStream()
    for end in range(len(text) + 1):
        assert violations(safe_html(text[:end])) == [], text[:end]
        assert violations(stream.html(text[:end])) == [], text[:end]
    assert stream.final(text) == safe_html(text)


@pytest.mark.parametrize("name", CORPUS)
def test_every_format_is_harmless_and_no_other_kind_is_published(name):
    for answer_format in FORMATS:
        bundle = answer_bundle(ARMED[name], answer_format)
        assert set(bundle) == {"text/html", "text/plain"}
        style, _, content = bundle["text/html"].partition("</style>")
        assert violations(re.sub(r'^<div class="hfm">', "<div>", content)) == []
        assert style == answer_bundle("harmless")["text/html"].partition("</style>")[0], "our own sheet, whatever the text"
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", "".join(bundle.values()))


def test_all_at_once_in_one_text():
    text = "\n\n".join(ARMED.values())
    assert violations(safe_html(text)) == []
    assert violations(safe_html("> - " + text.replace("\n", " "))) == []


@pytest.mark.parametrize("name", CORPUS)
def test_a_terminal_gets_nothing_to_obey(name):
    stream = PlainStream()
    shown = "".join(stream.feed(char) for char in ARMED[name]) + stream.end()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


@pytest.mark.parametrize(
    "bad",
    [
        "<img src=x>",
        "<p onclick=x>a</p>",
        '<a href="javascript:x" rel="noopener noreferrer nofollow" target="_blank">a</a>',
        '<a href="/lab" rel="noopener noreferrer nofollow" target="_blank">a</a>',
        '<a href="https://a.b">a</a>',
        '<td style="text-align:left;background:url(x)">a</td>',
        '<span class="jp-Dialog">a</span>',
        "<!-- a -->",
        "<p>",
        "</p>",
        '<span id="a">b</span>',
    ],
)
def test_the_reader_sees_what_is_bad(bad):
    assert violations(bad)
