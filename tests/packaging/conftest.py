"""What the tests of the package share: the repository's files and the wheel that is built from them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked():
    """Every file that git keeps or would keep, relative to the repository."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()})


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built as a user's pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.iterdir()
    return built
