from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfmagic.inference import text_stream
from hfmagic.inference.text_stream import TextStream
from hfmagic.inference.work import Work


class Bytes:
    """A tokenizer with one token per UTF-8 byte: the hardest case for text that is decoded in pieces."""

    def decode(self, ids, **_):
        return bytes(ids).decode("utf-8", errors="replace")


def stream_of(text: str, stop=(), pace=0.0) -> Work:
    work = Work(threading.Event())
    stream = TextStream(Bytes(), work, stop)
    stream.put([1, 2, 3])  # the prompt
    for byte in text.encode():
        if stream.stopped:
            break
        stream.put(byte)
    stream.end()
    return work


@pytest.fixture(autouse=True)
def _every_token(monkeypatch):
    monkeypatch.setattr(text_stream, "PACE", 0.0)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_the_text_is_whole_and_no_piece_holds_half_a_character(text):
    work = stream_of(text)
    assert work.text == text
    assert work.take() == text
    assert work.token_ids == list(text.encode())


@given(st.text(alphabet="ab\n#", max_size=30), st.lists(st.text(alphabet="ab\n#", min_size=1, max_size=4), min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_text_ends_before_the_first_stop_string(text, stop):
    expected = min((text[: text.find(s)] for s in stop if s in text), key=len, default=text)
    # a stop string is acted on as soon as it is complete, so of two that overlap the one that ends first wins
    ends = [(text.find(s) + len(s), text.find(s)) for s in stop if s in text]
    if ends:
        first_end = min(end for end, _ in ends)
        expected = text[: min(start for end, start in ends if end == first_end)]
    assert stream_of(text, stop).text == expected


def test_what_may_become_a_stop_string_is_not_shown_before_it_is_clear():
    work = Work(threading.Event())
    stream = TextStream(Bytes(), work, ["END"])
    stream.put([0])
    seen = []
    for byte in b"a EN EN":
        stream.put(byte)
        seen.append(work.text)
    assert seen == ["a", "a ", "a ", "a ", "a EN ", "a EN ", "a EN "]
    stream.put(ord("D"))
    assert stream.stopped
    stream.put(ord("x"))  # the step that was under way
    stream.end()
    assert work.text == "a EN "
    assert len(work.token_ids) == 8


def test_decoding_is_paced_but_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(text_stream, "PACE", 3600)
    work = stream_of("hello world")
    assert work.text == "hello world"
    assert len(work._pieces) == 2  # the first token at once, the rest at the end
