"""Messages of our own widgets, delivered while a cell runs.

A kernel handles one shell message at a time, so a click waits until the cell that shows the button has ended. The pump looks into
the queue between two steps of that cell: it takes out what belongs to widgets that listen here, and hands everything else, in its
order and unopened, to the callback that would have got it from the event loop. The user's own widgets, queued cells and completions
are therefore handled by the kernel itself when the cell has ended, with their own parent and status, as if nobody had looked.

The queue is private to ipykernel: `find_pump` looks for it once, and where it does not look as on ipykernel 6 and 7, there is no pump.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Message = dict[str, Any]


class Pump:
    """Delivers waiting messages to who listens; one per kernel, see `find_pump`.

    Only the main thread may call it, as the queue is its own; in another thread a call does nothing.

    Parameters
    ----------
    session : jupyter_client.session.Session
        Reads messages and checks their signatures.
    stream : zmq.eventloop.zmqstream.ZMQStream
        Where messages wait for the main thread.
    """

    def __init__(self, session: Any, stream: Any) -> None:
        from zmq.constants import Flag, PollEvent, SocketOption

        self._events, self._waits, self._at_once = int(SocketOption.EVENTS), int(PollEvent.POLLIN), int(Flag.NOBLOCK)
        self.session = session
        self.stream = stream
        self._socket = stream.socket
        self._hand_on, self._callback = stream._run_callback, stream._recv_callback  # noqa: SLF001 (what the event loop calls)
        if self._callback is None:
            raise AttributeError("nobody receives from this stream")
        self._main = threading.get_ident()
        self._listeners: dict[str, Callable[[Message], object]] = {}
        self._ours: deque[tuple[str, Message]] = deque()

    def listen(self, comm_id: str, listener: Callable[[Message], object]) -> None:
        """Call `listener` with each message of the front end for the comm `comm_id`.

        The kernel cannot be interrupted meanwhile: set an event, and do the work elsewhere.
        """
        self._listeners[comm_id] = listener

    def leave(self, comm_id: str) -> None:
        """Stop listening to `comm_id`."""
        self._listeners.pop(comm_id, None)

    def __call__(self) -> int:
        """Deliver what waits for the listeners.

        Returns
        -------
        int
            How many messages were delivered.

        Raises
        ------
        KeyboardInterrupt
            The kernel was interrupted meanwhile; no message is lost by that.
        """
        if threading.get_ident() != self._main or not (self._ours or self._socket.get(self._events) & self._waits):
            return 0
        delivered = 0
        with _interrupts_held():
            self._sort()
            while self._ours:
                comm_id, message = self._ours.popleft()
                if listener := self._listeners.get(comm_id):
                    listener(message)
                    delivered += 1
        return delivered

    def _sort(self) -> None:
        """Empty the queue: ours aside, the others handed on.

        All of it, since reading the socket's state uses up the signal that would wake the event loop for what is left.
        """
        while self._socket.get(self._events) & self._waits:
            parts = self._socket.recv_multipart(self._at_once, copy=False)
            ours = self._read(parts)
            if ours is None:
                self._hand_on(self._callback, parts)
            else:
                self._ours.append(ours)

    def _read(self, parts: list[Any]) -> tuple[str, Message] | None:
        """Read a message for a listener; None for any other, also for one that is broken or forged: the kernel shall log that.

        A first look checks the signature without noting it down: the kernel takes each signature only once.
        """
        session = self.session
        try:
            _, rest = session.feed_identities(parts, copy=False)
            look = session.deserialize(rest, content=False, copy=False)
            if look["header"]["msg_type"] != "comm_msg":
                return None
            comm_id = session.unpack(look["content"])["comm_id"]
            if comm_id not in self._listeners:
                return None
            return comm_id, session.deserialize(rest, content=True, copy=False)
        except Exception:  # noqa: BLE001 (whatever it is, it is not ours)
            return None


_pump: Pump | None = None


def find_pump() -> Pump | None:
    """Find the pump of the kernel that runs this code.

    Returns
    -------
    Pump or None
        None where it cannot work: no kernel, a kernel without sockets of its own (in-process, xeus, Pyodide), another thread than the
        main one (so also in a subshell), or an ipykernel that we do not know.
    """
    global _pump  # noqa: PLW0603 (all listeners share one, or a nested cell would pass over the clicks of the outer one)
    ipython = sys.modules.get("IPython")
    if ipython is None or threading.current_thread() is not threading.main_thread():
        return None
    try:
        kernel = ipython.get_ipython().kernel
        stream = _main_stream(kernel)
        if _pump is None or _pump.stream is not stream or _pump.session is not kernel.session:
            _pump = Pump(kernel.session, stream)
    except Exception:  # noqa: BLE001 (private names that may be missing or mean something else)
        return None
    return _pump


def _main_stream(kernel: Any) -> Any:
    """Return the stream from which the main thread gets its shell messages."""
    from zmq.eventloop.zmqstream import ZMQStream

    stream = kernel.shell_stream
    if getattr(kernel, "_supports_kernel_subshells", False):  # ipykernel 7: a thread sorts what comes by subshells
        stream = kernel.shell_channel_thread.manager._shell_channel_to_main.to_stream  # noqa: SLF001
    if not isinstance(stream, ZMQStream) or stream.closed():
        raise AttributeError("no stream of messages")
    return stream


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Put off an interrupt until the end: one between taking a message and handing it on, or half-way through it, would lose it."""
    held: list[int] = []
    if signal.getsignal(signal.SIGINT) is None:  # set by something that is not Python; it cannot be put back
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, _frame: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)
