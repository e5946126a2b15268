"""Fixtures for every test: a fresh shell in this process, and real kernels (see real_kernel.py)."""

from __future__ import annotations

import atexit
import os
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from hfmagic.core.settings import settings
from hfmagic.magics.registration import unregister
from real_kernel import RealKernel


def pytest_configure(config):
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")  # jupyter_core warns otherwise
    for module in ("IPython", "jupyter_client"):  # Colab's 7.34.0 and 7.4.9 were not written for its Python 3.13
        config.addinivalue_line("filterwarnings", f"ignore::DeprecationWarning:{module}")
    config.addinivalue_line("filterwarnings", "ignore:Unclosed context <zmq:ResourceWarning")  # jupyter_client 7.4.9 leaves one behind


class Shell(InteractiveShell):
    """A shell whose errors reach the test."""

    def run(self, code):
        """Run a cell, raise its error, and give IPython's result."""
        result = self.run_cell(code, store_history=True)
        result.raise_error()
        return result


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A fresh IPython shell in this process, hfmagic not loaded: ``shell.run("%load_ext hfmagic")``."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    hooks = sys.displayhook, sys.excepthook
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    shell = Shell.instance(config=config)
    yield shell
    unregister(shell)
    history = shell.history_manager
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    history.db.close()
    shell.restore_sys_module_state()
    Shell.clear_instance()
    sys.displayhook, sys.excepthook = hooks


@pytest.fixture(autouse=True)
def _settings_as_they_were():
    before = {name: getattr(settings, name) for name in settings.traits(config=True)}
    yield
    for name, value in before.items():
        setattr(settings, name, value)


@pytest.fixture
def start_kernel(tmp_path):
    """Start real kernels: ``start_kernel(NAME="value")`` gives one with more environment variables."""
    kernels = []

    def start(**environment):
        home = tmp_path / f"kernel{len(kernels)}"
        home.mkdir()
        kernels.append(RealKernel(home, **environment))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.close()


@pytest.fixture
def kernel(start_kernel):
    """A fresh real kernel, hfmagic not loaded."""
    return start_kernel()


@pytest.fixture(scope="module")
def shared_kernel(tmp_path_factory):
    """One real kernel for those tests of a module that do not change it; hfmagic is loaded."""
    kernel = RealKernel(tmp_path_factory.mktemp("shared_kernel"))
    kernel.run("%load_ext hfmagic").check()
    yield kernel
    kernel.close()
