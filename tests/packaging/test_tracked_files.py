"""What must not be in the repository is not: machine paths, tokens, hosts of package indexes, tests that skip themselves."""

from __future__ import annotations

import re

import pytest

import hfmagic

THIS = "test_tracked_files.py"
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.<])/(?:work|root|home/\w+|Users/\w+|opt/\w+)/[\w.]|(?<![\w.])/tmp/\w"),
    "a token": re.compile(r"(?<![A-Za-z0-9_])hf_[A-Za-z]{34}(?![A-Za-z0-9])"),
    "a host of a package index": re.compile(
        r"(?:pypi|pythonhosted|npmjs)\.(?:org|com)|download\.pytorch\.org|--(?:extra-)?index-url|--find-links"
    ),
}
SKIPS = re.compile(r"pytest\.(?:skip|importorskip)|mark\.(?:skip|skipif|xfail)")


@pytest.fixture(scope="module")
def texts(root, tracked):
    """The text of every file that is one."""
    held = {path: (root / path).read_bytes() for path in tracked if path.name != THIS}
    return {path: data.decode() for path, data in held.items() if b"\0" not in data}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden(texts, what):
    found = [f"{path}: {hit.group()}" for path, text in texts.items() for hit in FORBIDDEN[what].finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "open('/root/x')"),
        ("a path of one machine", "/tmp/x"),
        ("a token", "hf_" + "aB" * 17),
        ("a host of a package index", "https://pypi.org/simple"),
    ],
)
def test_forbidden_is_seen(what, text):
    assert FORBIDDEN[what].search(text)


def test_no_test_skips_itself(texts):
    assert [str(path) for path, text in texts.items() if path.parts[0] == "tests" and SKIPS.search(text)] == []


def test_no_file_is_large(root, tracked):
    large = {str(path): size for path in tracked if (size := (root / path).stat().st_size) > 1_000_000}
    assert set(large) <= {"src/hfmagic/inference/demo/model.safetensors"}


def test_notebooks_are_kept_without_outputs(texts):
    assert [str(path) for path, text in texts.items() if path.suffix == ".ipynb" and '"output_type"' in text] == []


def test_changelog_has_the_version(root):
    assert re.search(rf"^## \[?{re.escape(hfmagic.__version__)}\]?", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
