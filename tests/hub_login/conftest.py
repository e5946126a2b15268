from __future__ import annotations

import json
import os
import secrets
import string
import subprocess
import sys

import pytest
from whoami_server import WhoamiHub


@pytest.fixture
def token():
    """A new token in the Hub's own form."""
    return "hf_" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(34))


@pytest.fixture
def hub(token):
    with WhoamiHub(token) as server:
        yield server


SCRIPT = """
import json, sys, time
from dataclasses import asdict
from hfmagic.core.errors import HFMagicError
import hfmagic
options = json.loads(sys.argv[1])
start = time.monotonic()
try:
    answer = asdict(hfmagic.login(**options))
except HFMagicError as error:
    answer = {"error": str(error), "hint": error.hint, "kind": type(error).__name__}
print(json.dumps({**answer, "seconds": time.monotonic() - start}))
"""


@pytest.fixture
def login(tmp_path, hub):
    """Log in with the real client in a process of its own; it reads where its Hub is only once."""

    def run(timeout=None, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "XDG_", "COLAB"))}
        environment = kept | {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "HF_ENDPOINT": hub.url, "NO_PROXY": "*"} | environment
        command = [sys.executable, "-W", "error", "-c", SCRIPT, json.dumps({"timeout": timeout})]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert hub.token not in done.stdout
        return json.loads(done.stdout)

    return run
