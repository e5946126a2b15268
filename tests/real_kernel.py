"""A real Jupyter kernel for tests: what goes in and, in order, everything that comes out.

Use the fixtures of conftest.py::

    def test_it(kernel):                              # a fresh kernel, hfmagic not loaded
        kernel.run("%load_ext hfmagic").check()       # .check() fails the test when the cell failed
        reply = kernel.run("%hf_infer -m demo Hi")
        assert reply.status == "ok"
        assert "fox" in reply.text                    # what a person reads: streams, displays (last state), traceback
        reply.messages                                # every iopub message of this cell, in order

    def test_stop(start_kernel):
        kernel = start_kernel(HF_HOME="…")            # more environment variables; as many kernels as needed
        reply = kernel.run(code, on_message=lambda m: kernel.interrupt() if m["msg_type"] == "display_data" else None)
        assert reply.ename == "Interrupted"

``kernel.everything`` is every iopub message since the start, whoever caused it: for tests on leaks.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # jupyter_client 7.4.9 on Python 3.13, both Colab's
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Message = dict[str, Any]


@dataclass
class Reply:
    """What one cell gave."""

    status: str
    ename: str
    evalue: str
    payload: list[dict[str, Any]]
    messages: list[Message] = field(default_factory=list)

    @property
    def traceback(self) -> list[str]:
        """The lines that the front end draws for the error."""
        return next((m["content"]["traceback"] for m in self.messages if m["msg_type"] == "error"), [])

    @property
    def text(self) -> str:
        """What a person reads below the cell in the end."""
        parts: dict[str, str] = {}
        for index, message in enumerate(self.messages):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                parts[str(index)] = content["text"]
            elif kind in {"display_data", "execute_result", "update_display_data"}:
                where = content.get("transient", {}).get("display_id") or str(index)
                parts[where] = content["data"].get("text/plain", "") + "\n"
            elif kind == "error":
                parts[str(index)] = "\n".join(content["traceback"])
            elif kind == "clear_output":
                parts.clear()
        return "".join(parts.values())

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Contents of the messages of one type."""
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def check(self) -> Reply:
        """Fail the test when the cell failed."""
        assert self.status == "ok", self.text
        return self


class RealKernel:
    """A kernel process and the client that talks to it."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.everything: list[Message] = []
        self._manager = KernelManager(connection_file=str(home / "kernel.json"))
        self._manager._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="test", language="python"
        )
        self._manager.start_kernel(env=self._environment() | environment, cwd=str(home))
        self.client = self._manager.blocking_client() if hasattr(self._manager, "blocking_client") else self._manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(
        self, code: str, *, timeout: float = 120, on_message: Callable[[Message], Any] | None = None, allow_stdin: bool = True
    ) -> Reply:
        """Run a cell as a notebook does and wait until the kernel is idle again; `allow_stdin` False: nobody is there to answer."""
        asked = self.client.execute(code, store_history=True, allow_stdin=allow_stdin)
        messages: list[Message] = []
        for message in self._published(timeout):
            if message["parent_header"].get("msg_id") != asked:
                continue
            messages.append(message)
            if on_message is not None:
                on_message(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        content = self._answer(asked, timeout)
        status = content["status"]
        return Reply(status, content.get("ename", ""), content.get("evalue", ""), content.get("payload", []), messages)

    def complete(self, code: str, cursor: int | None = None) -> dict[str, Any]:
        """Press Tab: the reply's ``matches``, ``cursor_start`` and ``cursor_end``."""
        return self._answer(self.client.complete(code, len(code) if cursor is None else cursor), 60)

    def inspect(self, code: str) -> dict[str, Any]:
        """Ask for the tooltip at the end of `code`."""
        return self._answer(self.client.inspect(code), 60)

    def interrupt(self) -> None:
        """Press the stop button."""
        self._manager.interrupt_kernel()

    def drain(self, seconds: float = 0.5) -> None:
        """Take what is still published after the last cell into ``everything``."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.everything.append(self.client.get_iopub_msg(timeout=seconds))

    def close(self) -> None:
        """End the kernel."""
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()
        if self._manager._created_context:
            self._manager.context.destroy(linger=0)

    def _published(self, timeout: float) -> Iterator[Message]:
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.01))
            self.everything.append(message)
            yield message

    def _answer(self, asked: str, timeout: float) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == asked:
                return message["content"]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "JUPYTER", "IPYTHON", "XDG_"))}
        return kept | {
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "HF_HOME": str(self.home / "hf"),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
        }
