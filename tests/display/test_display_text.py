import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hfmagic.display.text import PlainStream, count, duration, plain, progress_line, size

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
# Text with more than its share of what terminals obey.
NASTY = st.lists(st.sampled_from([
    "a", "é", " ", "\n", "\t", "\r", "\r\n", "\x1b", "\x1b[", "\x1b]", "\x1b]0;t", "\x07", "\x1b\\", "[31m", "m", ";", "8", "\x9b", "\x9d",
    "\x90", "\x00", "\x08", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\ud800", "(", "B", "日本", "\x9c", "P", "\x18",
]), max_size=25).map("".join)  # fmt: skip
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff]")


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1bPpayload\x1b\\text", "text"),
        ("\x1b]never closed\nnext", "never closed\nnext"),
        ("\x1b(Bx\x1b7y", "xy"),
        ("one\rtwo\r\nthree", "one\ntwo\nthree"),
        ("ab\b\b\x07\x00c", "abc"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("\ud800lone", "\ufffdlone"),
        ("عربي\u200f 日本 🦊", "عربي\u200f 日本 🦊"),
    ],
)
def test_plain(given_text, expected):
    assert plain(given_text) == expected


@RELAXED
@given(NASTY)
def test_plain_leaves_nothing_to_obey_and_can_be_sent(text):
    cleaned = plain(text)
    assert not FORBIDDEN.search(cleaned)
    assert plain(cleaned) == cleaned
    cleaned.encode()


@RELAXED
@given(NASTY, st.lists(st.integers(0, 80)))
@example("a\x1b]0;t\r\x1b\n", [8])
def test_plain_stream_is_plain_wherever_it_is_cut(text, cuts):
    stream = PlainStream()
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    shown = [stream.feed(text[a:b]) for a, b in pairwise(places)]
    assert "".join(shown) + stream.end() == plain(text)


def test_plain_stream_holds_back_only_what_is_unfinished():
    stream = PlainStream()
    assert stream.feed("red: \x1b[3") == "red: "
    assert stream.feed("1mX") == "X"
    assert stream.feed("\x1b]" + "a" * 5000) == "a" * 5000, "an endless title does not swallow the answer"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1_449_000_000, "1.4 GB"),
        (999_949, "1.0 MB"),
        (9_940_000, "9.9 MB"),
        (9_960_000, "10 MB"),
        (15.8e9, "16 GB"),
        (3e15, "3000 TB"),
    ],
)
def test_size_is_decimal(number, expected):
    assert size(number) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, "–"),
        (0.0, "0.00 s"),
        (0.04, "0.04 s"),
        (0.4, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.7, "1 min 0 s"),
        (123, "2 min 3 s"),
        (3900, "1 h 5 min"),
    ],
)
def test_duration(seconds, expected):
    assert duration(seconds) == expected


def test_count():
    assert [count(1, "token"), count(0, "token"), count(12345, "token"), count(1234)] == ["1 token", "0 tokens", "12,345 tokens", "1,234"]


def test_progress_line_is_one_line():
    assert progress_line("loading\n\x1b[2J weights", 0.426) == "loading weights 43%"
    assert progress_line("loading", 7) == "loading 100%"
    assert progress_line("loading") == "loading"
