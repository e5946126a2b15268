"""The Stop button under a running cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfmagic.widgets.pump import find_pump

if TYPE_CHECKING:
    import threading

    from hfmagic.widgets.pump import Pump


class StopButton:
    """A button for one running cell; see `stop_button`.

    It is a plain button of ipywidgets, which every front end with widgets draws, Colab's ipywidgets 7 too; one widget made with
    anywidget would switch all of Colab's notebook to another widget manager. No text from outside is ever put on it.

    Parameters
    ----------
    event : threading.Event
        Set by a click. Nothing else happens in the click, which may arrive in another thread (a subshell of ipykernel 7.0 to 7.3).
    pump : Pump
        Brings the click while the cell runs.

    Attributes
    ----------
    bundle : dict
        The MIME bundle that shows it, for a display with an id: replace that display when the cell is done, then call `close`.
    """

    def __init__(self, event: threading.Event, pump: Pump) -> None:
        from ipywidgets import Button, Layout  # type: ignore[attr-defined, unused-ignore]

        self.event = event
        self._pump = pump
        self._button = Button(
            description="Stop", icon="stop", tooltip="Stop here and keep what there is", layout=Layout(width="auto", height="auto")
        )
        self._button.on_click(lambda _button: event.set())
        self._id: str = self._button.model_id
        pump.listen(self._id, self._button._handle_msg)  # noqa: SLF001 (what the comm calls, less IPython's pre- and post-execute events)
        self.bundle: dict[str, Any] = {
            "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": self._id},
            "text/plain": "Stop: interrupt the kernel",
        }

    def poll(self) -> None:
        """Let a click through; cheap enough to be called between any two tokens, from the main thread."""
        self._pump()
        if self.event.is_set() and self._id and not self._button.disabled:
            self._button.disabled = True  # somebody stopped it: a last step may take its time, and more clicks would not hasten it

    def close(self) -> None:
        """Take the button away, in the front end too; closing twice is harmless."""
        if not self._id:
            return
        self._pump.leave(self._id)
        self._id = ""
        for widget in (self._button, self._button.layout, self._button.style):
            widget.close()


def stop_button(event: threading.Event) -> StopButton | None:
    """Make a Stop button that works while the cell that shows it runs.

    Parameters
    ----------
    event : threading.Event
        What a click sets.

    Returns
    -------
    StopButton or None
        None where a click could not arrive: in a terminal, in a script, in a notebook that is executed without a person in front of it
        (nbconvert, papermill), with an unknown kernel, or without ipywidgets. The kernel's interrupt works there all the same.
    """
    pump = find_pump()
    if pump is None or not _somebody_is_there():
        return None
    try:
        return StopButton(event, pump)
    except Exception:  # noqa: BLE001 (the button is an extra: an ipywidgets that is missing or broken must not fail the cell)
        return None


def _somebody_is_there() -> bool:
    """Tell whether the front end that runs this cell would answer ``input()``; one that executes notebooks unattended does not."""
    from IPython import get_ipython

    return bool(getattr(get_ipython().kernel, "_allow_stdin", True))  # type: ignore[no-untyped-call, union-attr, unused-ignore]
