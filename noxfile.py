"""Every check of the project: ``python -m nox`` runs all of them, ``python -m nox -s lint`` one.

Each session sets up what it needs. Two things come from the machine: Chromium for the browser tests (installed with apt-get where
that is possible) and a Python 3.13 or 3.12 beside the running one for Colab's stack. A missing one is an error, never a skip.

What follows ``--`` goes to pytest: ``python -m nox -s tests -- tests/display -x``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["lint", "tests", "colab"]
nox.options.default_venv_backend = "virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"

LINTERS = ("import-linter", "mypy", "ruff")
TESTERS = ("hypothesis", "ipykernel", "nbclient", "pytest", "pytest-timeout")
NEWEST = ("jupyterlab", "notebook", "numpydoc", "playwright")
# hfmagic's own requirements would bring most of these; named, they are there whatever becomes of those.
COLAB = ("ipykernel", "ipython", "ipywidgets", "anywidget", "notebook", "numpy", "pip", "psutil", "setuptools", "traitlets")
COLAB_PYTHONS = ("3.13", "3.12")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, floors and the generated reference."""
    session.install("-e", ".", *LINTERS, "-c", "constraints.txt")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "tools/reference.py", "--check", env={"PYTHONWARNINGS": "error"})


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests on the newest stack: units, real kernels, a real browser, the package."""
    chromium = find_chromium() or install_chromium(session)
    session.install("-e", ".[local]", *TESTERS, *NEWEST, "-c", "constraints.txt")
    session.run("pytest", *session.posargs, env=environment(session) | {"HFMAGIC_CHROMIUM": chromium})


def find_python(*versions: str) -> str | None:
    """Return the first interpreter of `versions` that runs, on PATH or of pyenv."""
    for version in versions:
        installed = sorted(pyenv_versions().glob(f"{version}.*/bin/python{version}"))
        for candidate in (shutil.which(f"python{version}"), *map(str, reversed(installed))):
            if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
                return candidate
    return None


def pyenv_versions() -> Path:
    """Return the folder of pyenv's interpreters; its commands on PATH answer only for the versions that are switched on."""
    pyenv = shutil.which("pyenv")
    root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip() if pyenv else ""
    return Path(root or os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


COLAB_PYTHON = find_python(*COLAB_PYTHONS)


@nox.session(python=COLAB_PYTHON or False)
def colab(session: nox.Session) -> None:
    """Run what needs neither torch nor a browser on Google Colab's versions; installing hfmagic there must move none of them."""
    if COLAB_PYTHON is None:
        session.error(
            f"this needs Python {' or '.join(COLAB_PYTHONS)}: install it and put it on PATH, or run `pyenv install {COLAB_PYTHONS[0]}`"
        )
    session.install("-e", ".", *COLAB, *TESTERS, "-c", "constraints-colab.txt")
    if not session.posargs:
        session.run("pytest", "tests/colab", env=environment(session))
    pytest = ("pytest", "-m", "not torch and not browser", "--ignore=tests/browser", "--ignore=tests/packaging")
    session.run(*pytest, *session.posargs, env=environment(session))


def environment(session: nox.Session) -> dict[str, str | None]:
    """Return what keeps tests off the network, off the user's own files and off more cores than they need."""
    return {
        "HF_HOME": str(Path(session.create_tmp()) / "hf"),
        "HF_HUB_OFFLINE": "1",
        "HF_TOKEN": None,
        "HUGGING_FACE_HUB_TOKEN": None,
        "JUPYTER_PLATFORM_DIRS": "1",
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome."""
    named = os.environ.get("HFMAGIC_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUMS)), None)


def install_chromium(session: nox.Session) -> str:
    """Install Debian's Chromium and return its path; playwright never fetches a browser of its own."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        session.run("apt-get", "update", "-q", external=True, env=quiet)
        session.run("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-liberation", external=True, env=quiet)
    found = find_chromium()
    if found is None:
        session.error("the browser tests need Chromium: install it (`sudo apt-get install chromium`), or name one in HFMAGIC_CHROMIUM")
    return found
