"""Fetching a model with the real client from a server on loopback; in a process of its own, as the client reads its endpoint once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from files_server import COMMIT, FilesHub

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "config.json": b'{"model_type": "llama"}',
    "tokenizer.json": b"{}",
    "chat_template.jinja": b"x",
    "model-00001-of-00002.safetensors": b"a" * 300_000,
    "model-00002-of-00002.safetensors": b"b" * 200_000,
    "model.safetensors.index.json": b"{}",
    "consolidated.safetensors": b"c" * 400_000,
    "pytorch_model.bin": b"d" * 500_000,
    "onnx/model.onnx": b"e" * 500_000,
    "README.md": b"# hello",
}
WANTED = {name for name in FILES if name.endswith((".json", ".jinja")) or name.startswith("model-")}

SCRIPT = """
import json, sys, threading, time
from hfmagic.core.errors import CancelledError, HFMagicError
from hfmagic.hub.snapshot import fetch_model

model, revision, cancel_after = json.loads(sys.argv[1])
said, cancel = [], threading.Event()
if cancel_after is not None:
    threading.Timer(cancel_after, cancel.set).start()
start = time.monotonic()
try:
    got = fetch_model(model, revision, lambda text, done=None: said.append([text, done]), cancel)
    files = {str(p.relative_to(got.folder)): p.stat().st_size for p in got.folder.rglob('*') if p.is_file()}
    answer = {"commit": got.commit, "from_cache": got.from_cache, "files": files}
except HFMagicError as error:
    answer = {"error": str(error), "hint": error.hint, "kind": type(error).__name__}
print(json.dumps({**answer, "said": said, "seconds": time.monotonic() - start}))
"""


@pytest.fixture
def fetch(tmp_path: Path):
    def run(endpoint: str, model="org/tiny", revision=None, cancel_after=None, **environment: str) -> dict:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
        env = clean | {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_TELEMETRY": "1"} | environment
        arguments = json.dumps([model, revision, cancel_after])
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, arguments], env=env, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    return run


def test_only_what_is_needed_is_fetched_and_the_second_time_nothing(fetch):
    with FilesHub("org/tiny", FILES) as hub:
        first = fetch(hub.url)
        assert first["commit"] == COMMIT
        assert first["files"] == {name: len(FILES[name]) for name in WANTED}
        assert not first["from_cache"]
        shares = [done for text, done in first["said"] if text.startswith("downloading")]
        assert shares
        assert max(shares) == 1
        assert not [line for line in hub.requests if "pytorch_model" in line or "consolidated" in line or "onnx" in line]
        hub.requests.clear()
        again = fetch(hub.url)
        assert again["from_cache"]
        assert not [line for line in hub.requests if line.startswith("GET /org/tiny/resolve")]


def test_without_the_hub_the_cache_serves(fetch):
    with FilesHub("org/tiny", FILES) as hub:
        fetch(hub.url)
        gone = hub.url
    for environment in ({}, {"HF_HUB_OFFLINE": "1"}):
        answer = fetch(gone, **environment)
        assert answer["from_cache"]
        assert set(answer["files"]) == WANTED
        assert any("cannot be reached" in text for text, _ in answer["said"])


def test_without_the_hub_and_without_the_cache_it_says_so_soon(fetch):
    answer = fetch("http://127.0.0.1:9")
    assert "not in the cache and the Hub cannot be reached" in answer["error"]
    assert "demo" in answer["hint"]
    assert answer["seconds"] < 15  # the library's own silent retries take 23


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        ((401, {"X-Error-Code": "RepoNotFound"}), "no model org/tiny, or it is private", "%hf_login"),
        ((404, {"X-Error-Code": "RepoNotFound"}), "no model org/tiny, or it is private", "check the name"),
        ((403, {"X-Error-Code": "GatedRepo"}), "org/tiny is gated", "ask for access"),
        ((404, {"X-Error-Code": "RevisionNotFound"}), "no revision 'v9'", "commits"),
        ((500, {}), "did not give org/tiny", "try again"),
        ((429, {"Retry-After": "60"}), "did not give org/tiny", "try again"),
    ],
)
def test_a_refusal_says_what_to_do(fetch, status, message, hint):
    with FilesHub("org/tiny", FILES, status=status) as hub:
        answer = fetch(hub.url, revision="v9")
    assert message in answer["error"]
    assert hint in answer["hint"]


def test_a_name_that_is_none(fetch):
    answer = fetch("http://127.0.0.1:9", model="a/b/c")
    assert "neither a folder here nor a Hub id" in answer["error"]


def test_a_model_without_safetensors_is_refused_before_any_download(fetch):
    with FilesHub("org/tiny", {name: data for name, data in FILES.items() if "safetensors" not in name}) as hub:
        answer = fetch(hub.url)
    assert "no *.safetensors" in answer["error"]
    assert not [line for line in hub.requests if "resolve" in line]


def test_a_download_stops_when_asked(fetch):
    with FilesHub("org/tiny", FILES | {"model-00001-of-00002.safetensors": b"a" * 60_000_000}, delay=0.01) as hub:
        answer = fetch(hub.url, cancel_after=1.5)
    assert answer["kind"] == "CancelledError"
    assert answer["seconds"] < 9  # the whole file takes ten
