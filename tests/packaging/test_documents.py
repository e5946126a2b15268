"""What the documents say is so."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import hfmagic

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TRACKED = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    if name
]
TEXTS = [path for path in TRACKED if path.suffix in {".py", ".md", ".toml", ".txt", ".ipynb", ".js", ".css", ".svg", ""} and path.is_file()]
DOCUMENTS = [path for path in TRACKED if path.suffix == ".md"]


def pins(name):
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return {re.sub(r"[-_.]+", "-", one.name).lower(): one for one in map(Requirement, filter(None, lines))}


def test_ci_runs_the_command_of_the_readme():
    readme, ci = (ROOT / "README.md").read_text(), (ROOT / ".ci" / "run").read_text()
    command = re.search(r"^\((.+ nox)\)", ci, re.MULTILINE)
    assert command
    assert command[1] in readme


def test_the_readme_has_the_command_for_the_main_job():
    readme = (ROOT / "README.md").read_text()
    assert (
        'pip install -e ".[local]" -c constraints.txt && ipython --ext hfmagic -c "%hf_infer -m demo Tell me a story about a fox"' in readme
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()) + re.findall(r'src="([^"]+)"', document.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-colab.txt"])
def test_constraints_satisfy_what_the_package_asks_for(name):
    pinned = pins(name)
    asked = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"]["local"] if name == "constraints.txt" else ())]
    for requirement in map(Requirement, asked):
        key = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if key in pinned or name == "constraints.txt":
            pin = next(iter(pinned[key].specifier)).version
            assert requirement.specifier.contains(Version(pin), prereleases=True), requirement


def test_the_changelog_knows_this_version():
    assert f"## [{hfmagic.__version__}]" in (ROOT / "CHANGELOG.md").read_text() or "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_no_secret_and_no_path_of_one_machine_is_kept():
    # Written in pieces, so that this file does not find itself. Made-up tokens of the tests are short or say so.
    places = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/home/" + "[a-z]+/")))
    token = re.compile(r"\bhf_[A-Za-z]{34}\b")
    for path in TEXTS:
        text = path.read_text(errors="ignore")
        assert not places.search(text), path
        assert not token.search(text), path
