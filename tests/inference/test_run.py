"""The loop between worker and main thread, with engines that are written out here."""

from __future__ import annotations

import _thread
import signal
import threading
import time

import pytest

from hfmagic.core.errors import CancelledError, HFMagicError, Interrupted, TimedOutError
from hfmagic.inference.request import Request
from hfmagic.inference.run import run


@pytest.fixture(autouse=True)
def _interrupts_arrive():
    """A test run in the background may ignore SIGINT; a kernel does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def request(**options):
    return Request(messages=({"role": "user", "content": "hello"},), model="scripted", **options)


def counting(request, work):
    """Emit a word now and then until asked to stop."""
    work.ready()
    for number in range(10_000):
        if work.cancel.is_set():
            return
        work.token_ids.append(number)
        work.emit(f"{number} ")
        time.sleep(0.01)


def engine_threads():
    return [thread for thread in threading.enumerate() if thread.name == "hfmagic-engine"]


def test_text_comes_in_order_and_whole(screen):
    def engine(request, work):
        work.say("loading", 0.5)
        time.sleep(0.15)
        work.ready()
        for word in ("one ", "two ", "three"):
            work.token_ids.append(1)
            work.emit(word)

    result = run(request(), screen, threading.Event(), engine)
    assert screen.said[0] == "loading"
    assert screen.text == result.text == "one two three"
    assert result.messages[-1] == {"role": "assistant", "content": "one two three"}
    assert result.usage.new_tokens == 3
    assert result.timing.load >= 0.15
    assert result.stopped == ""
    assert not engine_threads()


def test_the_button_ends_it_gently(screen):
    cancel = threading.Event()
    screen.on_tick = lambda s: cancel.set() if len(s.pieces) > 2 else None
    result = run(request(), screen, cancel, counting)
    assert result.stopped == "button"
    assert result.text.startswith("0 1 2 ")
    assert not engine_threads()


def test_an_interrupt_keeps_the_text_and_leaves_no_thread(screen):
    screen.on_tick = lambda s: _thread.interrupt_main() if len(s.pieces) == 3 else None
    with pytest.raises(Interrupted, match=r"stopped, \d+ tokens kept") as caught:
        run(request(), screen, threading.Event(), counting)
    result = caught.value.result
    assert result.stopped == "interrupt"
    assert result.text.startswith("0 1 ")
    assert result.usage.new_tokens == len(result.text.split())
    assert not engine_threads()


def test_a_second_interrupt_changes_nothing(screen):
    presses = iter(range(20))

    def engine(request, work):
        work.ready()
        work.emit("a")
        work.cancel.wait()
        for _ in range(3):  # interrupts while the main thread waits for the end
            _thread.interrupt_main()
            time.sleep(0.05)

    screen.on_tick = lambda s: _thread.interrupt_main() if s.pieces and next(presses) == 0 else None
    with pytest.raises(Interrupted):
        run(request(), screen, threading.Event(), engine)
    assert not engine_threads()


def test_a_timeout_is_an_error_with_the_text_so_far(screen):
    with pytest.raises(TimedOutError, match=r"stopped after 0.3 s \(timeout\)") as caught:
        run(request(timeout=0.3), screen, threading.Event(), counting)
    assert caught.value.result.stopped == "timeout"
    assert caught.value.result.text.startswith("0 1 ")
    assert not engine_threads()


def test_an_engine_that_does_not_listen_is_left_behind_and_said_so(screen):
    release = threading.Event()

    def deaf(request, work):
        work.ready()
        work.emit("a")
        release.wait()

    with pytest.raises(TimedOutError) as caught:
        run(request(timeout=0.1), screen, threading.Event(), deaf)
    assert "still being computed" in caught.value.hint
    release.set()


def test_a_stop_while_loading_says_that_nothing_was_loaded(screen):
    def engine(request, work):
        work.say("downloading")
        while not work.cancel.is_set():
            time.sleep(0.01)
        raise CancelledError

    screen.on_tick = lambda s: _thread.interrupt_main() if s.said else None
    with pytest.raises(Interrupted, match="scripted was not loaded yet"):
        run(request(), screen, threading.Event(), engine)


def test_a_failure_keeps_the_text_and_its_cause(screen):
    def engine(request, work):
        work.ready()
        work.emit("so far")
        raise RuntimeError("CUDA out of memory\nmore lines")

    with pytest.raises(HFMagicError, match=r"RuntimeError: CUDA out of memory$") as caught:
        run(request(), screen, threading.Event(), engine)
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert caught.value.result.text == "so far"
    assert caught.value.result.stopped == "error"
    assert screen.text == "so far"


def test_our_own_errors_pass_as_they_are(screen):
    def engine(request, work):
        raise HFMagicError("no such model", "pick another") from KeyError("x")

    with pytest.raises(HFMagicError, match="no such model") as caught:
        run(request(), screen, threading.Event(), engine)
    assert caught.value.hint == "pick another"
    assert isinstance(caught.value.__cause__, KeyError)
