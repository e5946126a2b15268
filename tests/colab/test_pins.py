"""Installing hfmagic on Colab moves nothing that Colab has installed, above all nothing that its kernel has loaded.

These tests ask the pip of Colab's image, with Colab's versions installed beside it, what it would do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINS = ROOT / "constraints-colab.txt"
LOADED = {"ipython", "ipykernel", "ipywidgets", "anywidget", "traitlets", "psutil", "numpy", "tornado", "packaging"}
HELD = LOADED | {"huggingface-hub", "transformers", "tokenizers", "safetensors", "pip", "setuptools", "notebook"}


def installed():
    """Return the version of every package in this environment."""
    return {canonicalize_name(found.name): found.version for found in metadata.distributions()}


def planned(tmp_path, *arguments):
    """Return what ``pip install`` would install: names and versions."""
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", report, *arguments]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    found = [item["metadata"] for item in json.loads(report.read_text(encoding="utf-8"))["install"]]
    return {canonicalize_name(item["name"]): item["version"] for item in found}


def moved(tmp_path, *arguments):
    """Return which of the packages that are installed would get another version."""
    here = installed()
    return {name: (here[name], version) for name, version in planned(tmp_path, *arguments).items() if here.get(name, version) != version}


@pytest.fixture(scope="module")
def pins():
    lines = [line for line in PINS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in map(Requirement, lines)}


def test_this_is_colab_s_stack(pins):
    here = installed()
    assert {name: here[name] for name in HELD} == {name: pins[name] for name in HELD}
    assert {name: version for name, version in here.items() if pins.get(name, version) != version} == {}


@pytest.mark.parametrize("how", [(), ("--upgrade",)], ids=["install", "upgrade"])
def test_install_moves_nothing(tmp_path, how):
    assert moved(tmp_path, *how, str(ROOT)) == {}


def test_a_requirement_above_a_pin_is_seen(tmp_path):
    assert moved(tmp_path, str(ROOT), "traitlets>=5.14")["traitlets"][0] == "5.7.1"


def test_the_pins_satisfy_hfmagic_from_scratch(tmp_path, pins):
    plan = planned(tmp_path, "--ignore-installed", "-c", str(PINS), str(ROOT))
    assert LOADED - {"tornado", "packaging", "ipykernel", "numpy"} <= plan.keys()
    assert {name: version for name, version in plan.items() if pins.get(name, version) != version} == {}
