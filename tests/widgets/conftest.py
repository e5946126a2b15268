"""A front end, message by message: it asks without waiting, clicks while a cell runs, and keeps every answer."""

from __future__ import annotations

from importlib.metadata import version
from time import monotonic

import pytest

PATIENCE = 60  # seconds for anything that must come at all
HAS_SUBSHELLS = int(version("ipykernel").split(".")[0]) >= 7

SETUP = """
import threading, time
from hfmagic.widgets.pump import find_pump
from hfmagic.widgets.stop import stop_button
event = threading.Event()
ran = []

def wait_for_message(seconds=60):
    assert find_pump().stream.socket.poll(seconds * 1000), "nothing came"
"""


class FrontEnd:
    """What a notebook page does with a `real_kernel.RealKernel`.

    `ask` sends a request and returns its id; `reply` and `printed` wait for what came of it. With `subshell` set, comm messages name it
    in their header, as JupyterLab's do.
    """

    def __init__(self, kernel) -> None:
        self.kernel = kernel
        self.client = kernel.client
        self.heard: list[dict] = []
        self.replies: dict[str, dict] = {}
        self.subshell: str | None = None

    def ask(self, kind: str, content: dict | None = None, *, session=None) -> str:
        session = session or self.client.session
        message = session.msg(kind, content or {})
        if self.subshell and kind.startswith("comm_"):
            message["header"]["subshell_id"] = self.subshell
        session.send(self.client.shell_channel.socket, message)
        return message["header"]["msg_id"]

    def execute(self, code: str, *, allow_stdin: bool = True) -> str:
        return self.client.execute(code, allow_stdin=allow_stdin)

    def click(self, comm_id: str, **options) -> str:
        data = {"method": "custom", "content": {"event": "click"}}
        return self.ask("comm_msg", {"comm_id": comm_id, "data": data}, **options)

    def reply(self, msg_id: str) -> dict:
        while msg_id not in self.replies:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            self.replies[message["parent_header"]["msg_id"]] = message
        return self.replies[msg_id]["content"]

    def published(self, wanted) -> dict:
        """Return the first message on iopub, earlier ones included, that satisfies `wanted`."""
        give_up = monotonic() + PATIENCE
        seen = 0
        while True:
            for message in self.heard[seen:]:
                if wanted(message):
                    return message
            seen = len(self.heard)
            self.heard.append(self.client.get_iopub_msg(timeout=max(give_up - monotonic(), 0.01)))

    def of(self, msg_id: str, kind: str) -> list[dict]:
        """Return the contents of what request `msg_id` published, until it was idle."""
        self.published(lambda m: m["parent_header"].get("msg_id") == msg_id and m["content"].get("execution_state") == "idle")
        return [m["content"] for m in self.heard if m["parent_header"].get("msg_id") == msg_id and m["msg_type"] == kind]

    def printed(self, msg_id: str) -> str:
        return "".join(content["text"] for content in self.of(msg_id, "stream") if content["name"] == "stdout")

    def run(self, code: str, **options) -> str:
        msg_id = self.execute(code, **options)
        reply = self.reply(msg_id)
        assert reply["status"] == "ok", "\n".join(reply["traceback"])
        return self.printed(msg_id)

    def wait_for_text(self, text: str) -> None:
        self.published(lambda m: m["msg_type"] == "stream" and text in m["content"]["text"])

    def models(self, name: str) -> list[str]:
        """Return the comm ids of the widget models of this kind, in the order in which they were opened; at least one."""

        def opened(message):
            return message["msg_type"] == "comm_open" and message["content"]["data"]["state"]["_model_name"] == name

        self.published(opened)
        return [m["content"]["comm_id"] for m in self.heard if opened(m)]

    def model(self, name: str) -> str:
        return self.models(name)[-1]

    def make_subshell(self) -> str:
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        while True:
            answer = self.client.get_control_msg(timeout=PATIENCE)
            if answer["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return answer["content"]["subshell_id"]


@pytest.fixture
def page(kernel):
    """A front end that knows nothing of subshells, with a kernel that has what the cells below need."""
    page = FrontEnd(kernel)
    page.run(SETUP)
    return page


@pytest.fixture(params=[False, True] if HAS_SUBSHELLS else [False], ids=lambda subshell: "subshell" if subshell else "shell")
def front_end(request, page):
    """A front end as `page`, and, where the kernel has subshells, one that sends comm messages to a subshell."""
    if request.param:
        page.subshell = page.make_subshell()
    return page
