"""What runs a model: the protocol that every engine follows, and the choice of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hfmagic.inference.request import Request
    from hfmagic.inference.work import Work


class Engine(Protocol):
    """Answers a request in the thread that calls it."""

    def __call__(self, request: Request, work: Work) -> None:
        """Fill in `work` until the answer is complete or ``work.cancel`` is set.

        Raises
        ------
        HFMagicError
            The model cannot be loaded or the request cannot be run; what was emitted before is kept.
        """
        ...


def engine_for(request: Request) -> Engine:  # noqa: ARG001 (one engine so far; the request will choose)
    """Return the engine that answers `request`."""
    from hfmagic.inference.transformers_engine import generate

    return generate
