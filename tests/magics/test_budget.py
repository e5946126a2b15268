"""What `%load_ext hfmagic` costs: counted in modules, not in seconds."""

import json
import os
import subprocess
import sys

HEAVY = {
    "torch",
    "transformers",
    "huggingface_hub",
    "ipywidgets",
    "anywidget",
    "numpy",
    "psutil",
    "pynvml",
    "nh3",
    "markdown_it",
    "httpx",
    "requests",
}
MOST_MODULES = 15
SCRIPT = """
import json, socket, sys
from IPython.terminal.interactiveshell import TerminalInteractiveShell
shell = TerminalInteractiveShell.instance(term_title=False)
shell.run_cell("x = 1")
before = set(sys.modules)
def refuse(*arguments, **options):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
result = shell.run_cell("%load_ext hfmagic")
result.raise_error()
open(sys.argv[1], "w").write(json.dumps(sorted(set(sys.modules) - before)))
"""


def run(script, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tmp_path / "added.json")],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=120,
    ).stdout


def test_loading_adds_few_modules_and_none_that_is_heavy(tmp_path):
    assert run(SCRIPT, tmp_path) == ""
    added = json.loads((tmp_path / "added.json").read_text())
    assert not HEAVY & {name.partition(".")[0] for name in added}
    assert {name.partition(".")[0] for name in added} <= {"hfmagic", "IPython"}
    assert 0 < len(added) <= MOST_MODULES, added


def test_importing_hfmagic_imports_next_to_nothing(tmp_path):
    script = (
        "import __future__, sys, typing, importlib\nbefore = set(sys.modules)\nimport hfmagic\nprint(sorted(set(sys.modules) - before))"
    )
    assert run(script, tmp_path) == "['hfmagic']\n"
