"""The pump in a real kernel: what is ours arrives while the cell runs, and nothing of the rest is lost or out of order."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jupyter_client.session import Session

# Stands in for a generating cell: it shows the button, says so, then looks for a click between two "tokens".
STEPS = """
button = stop_button(event)
print("ready", flush=True)
give_up = time.monotonic() + 60
while not event.is_set() and time.monotonic() < give_up:
    time.sleep(0.01)
    button.poll()
button.close()
print("stopped" if event.is_set() else "never")
"""


def test_one_poll_brings_the_click(front_end):
    cell = front_end.execute(
        "button = stop_button(event); print('ready', flush=True); wait_for_message(); button.poll(); print(event.is_set())"
    )
    front_end.wait_for_text("ready")
    front_end.click(front_end.model("ButtonModel"))
    assert front_end.printed(cell) == "ready\nTrue\n"


def test_queued_requests_are_answered_afterwards_in_their_order(front_end):
    cell = front_end.execute(STEPS)
    front_end.wait_for_text("ready")
    first = front_end.execute("ran.append(1); print('one')")
    completion = front_end.ask("complete_request", {"code": "ran.app", "cursor_pos": 7})
    front_end.click(front_end.model("ButtonModel"))
    second = front_end.execute("ran.append(2); print(ran)")
    assert front_end.printed(cell) == "ready\nstopped\n"
    assert [match.rpartition(".")[2] for match in front_end.reply(completion)["matches"]] == ["append"]
    assert front_end.printed(first) == "one\n"
    assert front_end.printed(second) == "[1, 2]\n"
    idle = [m["parent_header"]["msg_id"] for m in front_end.heard if m["content"].get("execution_state") == "idle"]
    assert [i for i in idle if i in {cell, first, completion, second}] == [cell, first, completion, second]


def test_the_users_slider_moves_after_the_cell_with_its_own_status(front_end):
    front_end.run("import ipywidgets; slider = ipywidgets.IntSlider(); slider.observe(lambda c: ran.append(c['new']), 'value')")
    cell = front_end.execute(STEPS + "\nprint(slider.value, ran)")
    front_end.wait_for_text("ready")
    data = {"method": "update", "state": {"value": 7}, "buffer_paths": []}
    update = front_end.ask("comm_msg", {"comm_id": front_end.model("IntSliderModel"), "data": data})
    front_end.click(front_end.model("ButtonModel"))
    assert front_end.printed(cell) == "ready\nstopped\n0 []\n"
    assert front_end.run("print(slider.value, ran)") == "7 [7]\n"
    assert [content["execution_state"] for content in front_end.of(update, "status")] == ["busy", "idle"]


def test_a_failing_cell_still_holds_back_the_queued_ones(front_end):
    cell = front_end.execute(STEPS + "\n1/0")
    front_end.wait_for_text("ready")
    queued = [front_end.execute(f"ran.append({i})") for i in range(3)]
    front_end.click(front_end.model("ButtonModel"))
    assert front_end.reply(cell)["ename"] == "ZeroDivisionError"
    assert [front_end.reply(i)["status"] for i in queued] == ["aborted"] * 3
    front_end.reply(front_end.ask("kernel_info_request"))  # ipykernel 6 goes on aborting until its loop has turned once more
    assert front_end.run("print(ran)") == "[]\n"


def test_context_variables_of_a_queued_cell_last(front_end):
    front_end.run("import contextvars; mood = contextvars.ContextVar('mood', default='none')")
    cell = front_end.execute(STEPS)
    front_end.wait_for_text("ready")
    front_end.execute("token = mood.set('good')")
    front_end.click(front_end.model("ButtonModel"))
    assert front_end.printed(cell) == "ready\nstopped\n"
    assert front_end.run("print(mood.get())") == "good\n"


def test_a_forged_click_does_nothing(page):
    cell = page.execute("forged = threading.Event(); other = stop_button(forged)" + STEPS + "print(forged.is_set())")
    page.wait_for_text("ready")
    other, button = page.models("ButtonModel")
    page.click(other, session=Session(key=b"not the kernel's"))
    page.click(button)
    assert page.printed(cell) == "ready\nstopped\nFalse\n"


def test_the_click_runs_no_hook_of_the_user_inside_the_cell(page):
    """IPython fires these for every widget message; matplotlib's would show and close the figure that the cell is drawing."""
    page.run("get_ipython().events.register('post_execute', lambda: ran.append('hook'))")
    cell = page.execute(
        "ran.clear(); button = stop_button(event); print('ready', flush=True)\n"
        "wait_for_message(); button.poll(); print(event.is_set(), ran)"
    )
    page.wait_for_text("ready")
    page.click(page.model("ButtonModel"))
    assert page.printed(cell) == "ready\nTrue []\n"


def test_other_threads_cannot_pump(page):
    out = page.run(
        """
found = []
pump = find_pump()
thread = threading.Thread(target=lambda: found.extend([find_pump(), stop_button(event), pump()]))
thread.start(); thread.join()
print(found)
"""
    )
    assert out == "[None, None, 0]\n"


NO_KERNEL = """
import sys, threading
from hfmagic.widgets.pump import find_pump
from hfmagic.widgets.stop import stop_button
print(find_pump(), stop_button(threading.Event()), "ipywidgets" in sys.modules, "zmq" in sys.modules)
"""
TERMINAL = "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.instance()" + NO_KERNEL
IN_PROCESS = """
from ipykernel.inprocess.manager import InProcessKernelManager
manager = InProcessKernelManager(); manager.start_kernel()
manager.kernel.shell.run_cell(CODE)
"""


@pytest.mark.parametrize(
    ("code", "zmq"),
    [(NO_KERNEL, False), (TERMINAL, False), (IN_PROCESS.replace("CODE", repr(NO_KERNEL)), True)],
    ids=["script", "terminal", "in-process"],
)
def test_without_a_kernel_process_there_is_no_button(code, zmq, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"HOME": str(tmp_path)}, timeout=120
    )
    assert done.stdout.splitlines()[-1] == f"None None False {zmq}"


MAKE_SENDER = """
import json, os, signal, sys, zmq
from ipykernel import get_connection_file
from jupyter_client.session import Session
with open(get_connection_file()) as file:
    where = json.load(file)
sender = zmq.Context().socket(zmq.DEALER)
sender.connect(f"tcp://{where['ip']}:{where['shell_port']}")
session = Session(key=where["key"].encode())
WHERE = ("pump.py", "zmqstream.py", "session.py", os.path.join("sugar", "socket.py"), "kernelbase.py", "contextlib.py")
pump = find_pump()
clicks, pressed, sent = [], [], []
pump.listen("ours", lambda message: clicks.append(message["header"]["msg_id"]))

def send(kind, content):
    return session.send(sender, kind, content)["header"]["msg_id"]

def pump_interrupted_at(number):
    "Interrupt the pump at its instruction `number`, those in zmq and jupyter_client included; False when it has fewer."
    left = number
    def trace(frame, what, _):
        nonlocal left
        if not frame.f_code.co_filename.endswith(WHERE):
            return None
        frame.f_trace_opcodes = True
        if what == "opcode":
            left -= 1
            if left == 0:
                signal.raise_signal(signal.SIGINT)
        return trace
    sys.settrace(trace)
    try:
        pump()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    assert left > 0, "the interrupt was held and then forgotten"
    return False
"""
INTERRUPT_EVERYWHERE = """
interrupts = 0
while True:
    sent.append(send("kernel_info_request", {}))
    pressed.append(send("comm_msg", {"comm_id": "ours", "data": {}}))
    wait_for_message()
    time.sleep(0.002)  # so that mostly both are there
    interrupted = pump_interrupted_at(interrupts + 1)
    while len(clicks) < len(pressed):
        wait_for_message()
        pump()
    assert clicks == pressed, interrupts
    if not interrupted:
        break
    interrupts += 1
print(interrupts)
"""
ALL_ANSWERED = """
answered = []
while len(answered) < len(sent) and sender.poll(30_000):
    answered.append(session.recv(sender)[1]["parent_header"]["msg_id"])
print(answered == sent, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_an_interrupt_at_any_instruction_loses_nothing(page):
    """A cell sends messages to its own kernel and interrupts the pump at its first, second, third … instruction until it has no more."""
    page.run(MAKE_SENDER)
    assert int(page.run(INTERRUPT_EVERYWHERE)) > 100
    assert page.run(ALL_ANSWERED) == "True True\n"
