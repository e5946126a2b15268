"""One request under way: what the worker thread says, and what the main thread asks of it.

The engine runs in a thread of its own and only appends to a deque; the main thread looks in about twenty times a second. So a
token costs the engine no thread switch, and the main thread is free for the interrupt, the Stop button and the screen.
"""

from __future__ import annotations

import threading
from collections import deque
from time import perf_counter


class Work:
    """What an engine fills in while it answers a request.

    Parameters
    ----------
    cancel : threading.Event
        Set by whoever wants the answer to stop; the engine looks at it between two tokens.

    Attributes
    ----------
    model, revision, device : str
        What answers, once it is known.
    prompt : str
        The text that the model was given; `prompt_tokens` its length in tokens.
    token_ids : list of int
        New tokens so far.
    text : str
        The answer so far, stop strings and special tokens left out.
    ended : str
        Why the engine ended by itself: empty or ``length``.
    """

    def __init__(self, cancel: threading.Event) -> None:
        self.cancel = cancel
        self.model = ""
        self.revision: str | None = None
        self.device = "cpu"
        self.prompt = ""
        self.prompt_tokens = 0
        self.token_ids: list[int] = []
        self.text = ""
        self.raw_text = ""
        self.ended = ""
        self.progress: tuple[str, float | None] | None = None
        self.news = threading.Event()
        self.started_at = perf_counter()
        self.ready_at: float | None = None
        self.first_token_at: float | None = None
        self.ended_at: float | None = None
        self._pieces: deque[str] = deque()

    def say(self, text: str, done: float | None = None) -> None:
        """Say in one line what goes on; `done` is the finished fraction where it is known."""
        self.progress = (text, done)

    def ready(self) -> None:
        """Mark the moment at which the model is ready to generate."""
        self.ready_at = perf_counter()

    def emit(self, piece: str) -> None:
        """Append `piece` to the answer."""
        if piece:
            first = not self.text
            self.text += piece
            self._pieces.append(piece)
            if first:
                self.news.set()

    def take(self) -> str:
        """Return what was emitted since the last call."""
        pieces = []
        while self._pieces:
            pieces.append(self._pieces.popleft())
        return "".join(pieces)
