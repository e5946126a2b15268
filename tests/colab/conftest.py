"""Tests that mean something only on Colab's versions: collected when they are asked for by name, as `nox -s colab` does."""

from __future__ import annotations


def pytest_ignore_collect(collection_path, config):
    asked_for = any("tests/colab" in str(argument).replace("\\", "/") for argument in config.invocation_params.args)
    return None if asked_for else True
