from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from nvml_stub.build import build_nvml


@pytest.fixture(scope="session")
def nvml_folder(tmp_path_factory):
    """The folder of a compiled NVML with four GPUs."""
    return build_nvml(tmp_path_factory.mktemp("nvml"))


@pytest.fixture
def in_process():
    """Run a script in a fresh interpreter in which every warning is an error; it prints JSON and nothing else."""

    def run(script: str, **environment: str):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return run
