"""Run a request: the engine in a worker thread, everything a person sees or presses in the main thread."""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING

from hfmagic.core.errors import CancelledError, HFMagicError, Interrupted, TimedOutError, shortened
from hfmagic.inference.engine import engine_for
from hfmagic.inference.result import Memory, Result, Timing, Usage
from hfmagic.inference.work import Work
from hfmagic.sampler.peak import PeakMemory

if TYPE_CHECKING:
    from hfmagic.core.protocols import Stream
    from hfmagic.inference.engine import Engine
    from hfmagic.inference.request import Request

LOOK = 0.05  # seconds between two looks at the worker
PATIENCE = 0.8  # seconds that a stopped worker gets to end, so that a stop always takes less than one


def run(request: Request, stream: Stream, cancel: threading.Event, engine: Engine | None = None) -> Result:
    """Answer `request`, showing it on `stream` as it comes.

    Parameters
    ----------
    request : Request
        What to ask of which model.
    stream : Stream
        Shows progress and text; called in this thread only.
    cancel : threading.Event
        Setting it ends the answer gently: the result is returned with ``stopped="button"``.
    engine : Engine, optional
        What runs the model; by default the one that the request names.

    Returns
    -------
    Result
        The answer.

    Raises
    ------
    Interrupted
        The kernel was interrupted; ``error.result`` holds the text so far.
    TimedOutError
        ``request.timeout`` passed; ``error.result`` holds the text so far.
    HFMagicError
        The engine failed; ``error.result`` holds the text so far.
    """
    work = Work(cancel)
    failure: list[Exception] = []

    def answer() -> None:
        try:
            (engine or engine_for(request))(request, work)
        except CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 (handed to the main thread, which raises it)
            failure.append(error)
        finally:
            work.ended_at = perf_counter()
            work.news.set()

    worker = threading.Thread(target=answer, name="hfmagic-engine", daemon=True)
    peak = PeakMemory()
    worker.start()
    try:
        stopped = _watch(request, work, stream, peak)
    except KeyboardInterrupt:
        stopped = "interrupt"
    still_busy = _end(worker, cancel) if stopped else False
    result = _result(request, work, "error" if failure else stopped or work.ended, peak)
    if failure:
        error = failure[0] if isinstance(failure[0], HFMagicError) else shortened(failure[0])
        error.result = result
        raise error from (failure[0].__cause__ if error is failure[0] else failure[0])
    if stopped in {"interrupt", "timeout"}:
        raise _stop_error(request, work, stopped, result, still_busy=still_busy)
    return result


def _watch(request: Request, work: Work, stream: Stream, peak: PeakMemory) -> str:
    """Show what comes until the worker ends; return who stopped it before that: ``button``, ``timeout`` or nobody."""
    while work.ended_at is None:
        work.news.wait(LOOK)
        work.news.clear()
        peak.poll()
        _show(work, stream)
        if work.ended_at is None and (stopped := _asked_to_stop(request, work)):
            return stopped
    stopped = "button" if work.cancel.is_set() else ""  # the worker may see the click and end before we look
    _show(work, stream)
    return stopped


def _asked_to_stop(request: Request, work: Work) -> str:
    """Return who wants the answer to stop: ``button``, ``timeout`` or nobody."""
    if work.cancel.is_set():
        return "button"
    late = request.timeout is not None and perf_counter() - work.started_at > request.timeout
    return "timeout" if late else ""


def _show(work: Work, stream: Stream) -> None:
    """Hand on what the worker said since the last look."""
    piece = work.take()
    if piece:
        stream.write(piece)
    elif work.progress is not None and not work.text:
        stream.progress(*work.progress)
    stream.tick()


def _end(worker: threading.Thread, cancel: threading.Event) -> bool:
    """Ask the worker to end and wait for it; return True when it is still busy after `PATIENCE` seconds."""
    cancel.set()
    give_up = perf_counter() + PATIENCE
    while worker.is_alive() and (left := give_up - perf_counter()) > 0:
        try:
            worker.join(left)
        except KeyboardInterrupt:  # a second press: we are stopping already
            continue
    return worker.is_alive()


def _stop_error(request: Request, work: Work, stopped: str, result: Result, *, still_busy: bool) -> Interrupted | TimedOutError:
    """Say how far it got, and what still runs."""
    kept = f"{len(work.token_ids)} tokens kept" if work.ready_at is not None else f"{request.model} was not loaded yet"
    why = "" if stopped == "interrupt" else f" after {request.timeout:g} s (timeout)"
    hint = "the text so far is kept (_hf in a notebook)" if work.text else "" if stopped == "interrupt" else "give it more time"
    if still_busy:
        hint = "\n".join(filter(None, (hint, "its last step is still being computed and ends by itself")))
    return (Interrupted if stopped == "interrupt" else TimedOutError)(f"stopped{why}, {kept}", hint, result=result)


def _result(request: Request, work: Work, stopped: str, peak: PeakMemory) -> Result:
    """Gather what the worker left."""
    now = work.ended_at or perf_counter()
    ready = work.ready_at if work.ready_at is not None else now
    tokens = list(work.token_ids)
    generating = now - ready
    return Result(
        text=work.text,
        messages=(*request.messages, {"role": "assistant", "content": work.text}),
        model=work.model or request.model,
        revision=work.revision,
        task=request.task,
        usage=Usage(prompt_tokens=work.prompt_tokens, new_tokens=len(tokens)),
        timing=Timing(
            load=ready - work.started_at,
            first_token=None if work.first_token_at is None else work.first_token_at - ready,
            total=now - work.started_at,
            tokens_per_second=len(tokens) / generating if tokens and generating > 0 else None,
        ),
        memory=Memory(peak=peak.bytes(work.device), device=work.device),
        stopped=stopped,
        raw={"prompt": work.prompt, "token_ids": tokens, "text": work.raw_text},
    )
