"""Both sets of pins are exact, cover what hfmagic needs and lie within what it asks for."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

FILES = ("constraints.txt", "constraints-colab.txt")


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(params=FILES)
def pins(request, root):
    """Name and version of every pin in a file."""
    lines = [line.split(" #")[0].strip() for line in (root / request.param).read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_pins_are_exact_and_named_once(pins):
    assert [str(pin) for pin in pins if [s.operator for s in pin.specifier] != ["=="] or pin.extras or pin.url] == []
    names = [canonicalize_name(pin.name) for pin in pins]
    assert len(names) == len(set(names))


def test_what_hfmagic_needs_is_pinned_within_its_bounds(pins, project):
    versions = {canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version) for pin in pins}
    extras = project["optional-dependencies"]
    outside = [
        f"{requirement}: {versions.get(canonicalize_name(requirement.name))}"
        for requirement in map(Requirement, [*project["dependencies"], *(line for lines in extras.values() for line in lines)])
        if versions.get(canonicalize_name(requirement.name), Version("0")) not in requirement.specifier
    ]
    assert outside == []


def test_nothing_is_capped(project):
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    operators = {s.operator for line in lines for s in Requirement(line).specifier}
    assert operators == {">="}, "an upper bound moves what a notebook has loaded"
