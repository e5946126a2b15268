"""The wheel holds all of the package and nothing else, and works where nothing but Python is."""

from __future__ import annotations

import email
import subprocess
import sys
import venv
import zipfile
from pathlib import PurePosixPath

import pytest

import hfmagic

MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def archive(wheel):
    with zipfile.ZipFile(wheel) as opened:
        yield opened


def test_package_files_are_the_repository_s(archive, tracked):
    held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {str(PurePosixPath(*path.parts[1:])) for path in tracked if path.parts[:2] == ("src", "hfmagic")}
    assert {"hfmagic/py.typed", "hfmagic/inference/demo/model.safetensors", "hfmagic/inference/demo/tokenizer.json"} <= held


def test_licence_and_metadata(archive):
    described = f"hfmagic-{hfmagic.__version__}.dist-info"
    metadata = email.message_from_bytes(archive.read(f"{described}/METADATA"))
    assert metadata["Version"] == hfmagic.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert b"Apache License" in archive.read(f"{described}/licenses/LICENSE")
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_size(wheel):
    assert wheel.stat().st_size < MOST_BYTES


def test_no_code_is_compiled_in(wheel):
    assert wheel.name == f"hfmagic-{hfmagic.__version__}-py3-none-any.whl"


def test_import_needs_nothing_but_python(wheel, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    python = tmp_path / "bare" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    said = subprocess.run(
        [python, "-I", "-W", "error", "-c", "import hfmagic; print(hfmagic.__version__, hfmagic.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    version, file = said.stdout.split()
    assert version == hfmagic.__version__
    assert file.startswith(str(tmp_path))
