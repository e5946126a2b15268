"""From token ids to pieces of text, while they come: no torn characters, no stop string shown, little work per token."""

from __future__ import annotations

from math import inf
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfmagic.inference.work import Work

PACE = 0.04  # seconds between two decodings: a person sees no difference, the generating thread does
TORN = "\ufffd"  # what a decoder gives for half a character


class TextStream:
    """Take tokens as transformers' ``streamer``, give their text to `work`.

    Decoding is done over a short window: the text of the last decoded tokens is compared with the text of those plus the new ones,
    so that spaces and characters that span tokens come out right at a cost that does not grow with the answer.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        Decodes.
    work : Work
        Gets token ids and text.
    stop : sequence of str
        Strings that end the answer. Text that may become one is held back until it is clear.
    """

    def __init__(self, tokenizer: Any, work: Work, stop: Sequence[str] = ()) -> None:
        self._tokenizer = tokenizer
        self._work = work
        self._stop = tuple(stop)
        self._window = 0  # first token of the decoding window
        self._decoded = 0  # tokens whose text is out
        self._held = ""  # text that may be the beginning of a stop string
        self._prompt_seen = False
        self._last = -inf  # the first token is decoded at once
        self.stopped = False

    def put(self, tokens: Any) -> None:
        """Take the prompt's ids (first call) or the id of one new token."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        if self.stopped:  # the step that was under way when the stop string was found
            return
        work = self._work
        work.token_ids.append(int(tokens))
        now = perf_counter()
        if work.first_token_at is None:
            work.first_token_at = now
        if self._stop or now - self._last >= PACE:
            self._flush()
            self._last = perf_counter()

    def end(self) -> None:
        """Give out what is left."""
        if not self.stopped:
            self._flush(last=True)

    def _flush(self, *, last: bool = False) -> None:
        ids = self._work.token_ids
        before = self._decode(ids[self._window : self._decoded])
        after = self._decode(ids[self._window :])
        if len(after) > len(before) and (last or not after.endswith(TORN)):
            self._window, self._decoded = self._decoded, len(ids)
            self._give(after[len(before) :])
        if last:
            self._work.emit(self._held)
            self._held = ""

    def _decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _give(self, piece: str) -> None:
        """Emit `piece` up to a stop string, and hold back what may become one."""
        text = self._held + piece
        found = [place for place in (text.find(stop) for stop in self._stop) if place >= 0]
        if found:
            self.stopped = True
            self._held = ""
            self._work.emit(text[: min(found)])
            return
        hold = max((_overlap(text, stop) for stop in self._stop), default=0)
        self._work.emit(text[: len(text) - hold])
        self._held = text[len(text) - hold :]


def _overlap(text: str, stop: str) -> int:
    """Return how many characters at the end of `text` are a beginning of `stop`."""
    return next((n for n in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:n])), 0)
