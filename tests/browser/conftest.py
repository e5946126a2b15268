"""Fixtures for tests in a real browser (see jupyter_page.py for what they give)."""

import json
import shutil
from itertools import count
from pathlib import Path

import pytest
from jupyter_page import FLAGS, JupyterServer, Listener, NotebookPage, chromium_path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One Jupyter server for all tests."""
    server = JupyterServer(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; every notebook gets a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["lab", "notebook"])
def front(request):
    """The front end: JupyterLab 4, then Notebook 7."""
    return request.param


@pytest.fixture
def open_notebook(server, chromium):
    """Open a notebook: ``open_notebook(cells or path, front="lab")`` gives a `NotebookPage`; its kernel ends with the test."""
    numbers = count()
    contexts = []

    def open_(cells, front="lab"):
        name = f"test{next(numbers)}-{len(list(server.root.iterdir()))}.ipynb"
        if isinstance(cells, (str, Path)):
            shutil.copy(cells, server.root / name)
        else:
            (server.root / name).write_text(json.dumps(notebook_of(cells)))
        contexts.append(chromium.new_context(viewport={"width": 1200, "height": 900}, color_scheme="light"))
        return NotebookPage(server, contexts[-1], name, front)

    yield open_
    for context in contexts:
        context.close()
    for session in server.get("/api/sessions"):
        server.delete(f"/api/sessions/{session['id']}")


@pytest.fixture
def listener():
    """A server on the loopback that remembers what it was asked for."""
    listener = Listener()
    yield listener
    listener.close()


def notebook_of(cells):
    """Return a notebook of code cells."""
    made = [
        {"cell_type": "code", "id": f"cell{n}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for n, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
