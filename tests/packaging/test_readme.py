"""The README's commands work and are those that CI runs; no document points to something that is not there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/*.md", "src/hfmagic/**/README.md")


@pytest.fixture(scope="module")
def commands(root):
    """What stands in the README's shell blocks, a command each."""
    tokens = MarkdownIt().parse((root / "README.md").read_text(encoding="utf-8"))
    return [token.content.strip() for token in tokens if token.type == "fence" and token.info == "sh"]


def test_ci_runs_the_command_for_all_tests(root, commands):
    (everything,) = [command for command in commands if command.endswith("nox")]
    lines = [line.strip() for line in (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    assert everything in lines
    assert os.access(root / ".ci" / "run", os.X_OK)


def test_main_job_installs_the_pinned_stack(commands):
    (install,) = {command.split(" && ")[0] for command in commands if "%hf_infer" in command}
    assert shlex.split(install) == ["python", "-m", "pip", "install", "-e", ".[local]", "-c", "constraints.txt"]


@pytest.mark.torch
def test_main_job(commands, tmp_path):
    (job,) = [command.split(" && ")[1] for command in commands if "%hf_infer" in command]
    word, *arguments = shlex.split(job)
    assert word == "python"
    environment = os.environ | {"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython"), "HF_HOME": str(tmp_path / "hf")}
    told = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "fox" in told.stdout
    assert "tok/s" in told.stdout + told.stderr


def test_links(root):
    broken = []
    for document in sorted({path for pattern in DOCUMENTS for path in root.glob(pattern)}):
        for target in links(document.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = unquote(target).partition("#")
            file = document.parent / path if path else document
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append(f"{document.relative_to(root)}: {target}")
    assert broken == []


def test_a_broken_link_is_seen(tmp_path):
    text = "# One idea\n\n[a](there.md#x) ![b](c.png) <img src='d.svg'>\n"
    assert links(text) == ["there.md#x", "c.png", "d.svg"]
    (tmp_path / "one.md").write_text(text)
    assert anchors(tmp_path / "one.md") == {"one-idea"}


def links(text: str) -> list[str]:
    """Return the targets of all links and pictures, those in HTML too."""
    found = []
    for token in MarkdownIt().enable("table").parse(text):
        for child in (token, *(token.children or ())):
            found += [str(child.attrs[name]) for name in ("href", "src") if name in child.attrs]
            if child.type in {"html_block", "html_inline"}:
                found += re.findall(r"""(?:href|src)=["']([^"']+)""", child.content)
    return found


def anchors(file: Path) -> set[str]:
    """Return the names that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ +(.+?)\s*$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
