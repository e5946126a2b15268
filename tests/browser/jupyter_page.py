"""A real Jupyter server and a real browser for tests: what a person sees and does.

Use the fixtures of conftest.py::

    pytestmark = pytest.mark.browser

    def test_it(open_notebook, front):                      # front: once in JupyterLab, once in Notebook 7
        notebook = open_notebook(["print('hi')"], front)    # cells, or the path of an .ipynb (copied)
        notebook.run_all()                                  # returns when the kernel is idle
        assert "hi" in notebook.output(0).inner_text()      # outputs of cell 0, a Playwright locator
        notebook.theme("dark")
        notebook.screenshot("my-test")                      # artifacts/my-test-lab-dark.png
        assert notebook.foreign_requests == []              # the page asked nobody but its server

    def test_stop(open_notebook):
        notebook = open_notebook(["…"], "lab")
        notebook.start_all()                                # does not wait
        notebook.output(0).get_by_text("Stop").click()
        notebook.wait_idle()

`notebook.page` is the Playwright page, for everything else; `notebook.saved()` saves and reads the file.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
# JupyterLab reopens what a workspace had open: every notebook gets a workspace of its own.
PATHS = {"lab": "/lab/workspaces/{workspace}/tree/{name}", "notebook": "/notebooks/{name}"}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SETTINGS = {
    # else cells off the screen have no DOM, and outputs behind the fiftieth neither
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "maxNumberOutputs": 5000},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# The panel in front and its kernel, through the application object that the server exposes for tests.
PANEL = "window.jupyterapp && window.jupyterapp.shell.currentWidget"
IDLE = f"""name => {{
  const panel = {PANEL};
  const session = panel && panel.context && panel.context.path === name && panel.context.sessionContext;
  if (!session || !session.session || !session.session.kernel) return false;
  const kernel = session.session.kernel;
  const waiting = [...document.querySelectorAll('.jp-InputPrompt')].some(prompt => prompt.textContent.includes('*'));
  return kernel.status === 'idle' && kernel.connectionStatus === 'connected' && !waiting;
}}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chromium_path() -> str:
    """Return the browser, or fail with what to do."""
    path = (
        os.environ.get("HFMAGIC_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if not path:
        message = "browser tests need Chromium: install it (apt-get install chromium), or set HFMAGIC_CHROMIUM to its path"
        raise FileNotFoundError(message)
    return path


class JupyterServer:
    """A server with a home, settings and a token of its own; it also ends by itself when nobody asks it anything for ten minutes."""

    def __init__(self, home: Path) -> None:
        self.root = home / "notebooks"
        self.root.mkdir(parents=True)
        config = home / "config"
        (config / "labconfig").mkdir(parents=True)
        (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
        self.token = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._log = (home / "server.log").open("w")
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.url.rpartition(":")[2],
            "ServerApp.port_retries": "0",
            "ServerApp.root_dir": str(self.root),
            "ServerApp.open_browser": "False",
            "ServerApp.allow_root": "True",
            "ServerApp.shutdown_no_activity_timeout": "600",
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": "True",
            "JupyterNotebookApp.expose_app_in_browser": "True",
            # a test may show every letter: none of them shall be dropped
            "ZMQChannelsWebsocketConnection.iopub_msg_rate_limit": "100000",
            "ZMQChannelsWebsocketConnection.iopub_data_rate_limit": "100000000",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
            env=self._environment(home, config),
            cwd=self.root,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def get(self, path: str) -> Any:
        """Ask the server's API."""
        return json.loads(self._ask("GET", path))

    def delete(self, path: str) -> None:
        """Delete something through the server's API, a session and its kernel, say."""
        self._ask("DELETE", path)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(self.url + path, method=method, headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def _wait(self) -> None:
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError("Jupyter did not start:\n" + Path(self._log.name).read_text())
            try:
                self.get("/api/status")
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        self.close()
        raise TimeoutError(Path(self._log.name).read_text())

    def _environment(self, home: Path, config: Path) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "JUPYTER", "IPYTHON", "XDG_"))}
        return kept | {
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "HF_HOME": str(home / "hf"),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
        }


class Listener:
    """A server on the loopback that remembers what it was asked for."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(404)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 (the names of http.server)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class NotebookPage:
    """One notebook, open in one front end."""

    def __init__(self, server: JupyterServer, context: Any, name: str, front: str) -> None:
        self.front = front
        self.name = name
        self.shade = "light"
        self.errors: list[str] = []
        self.foreign_requests: list[str] = []
        self._server = server
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note)
        self.page.goto(f"{server.url}{PATHS[front].format(name=name, workspace=Path(name).stem)}?token={server.token}")
        self.wait_idle()

    def run_all(self, timeout: float = 120) -> None:
        """Run all cells and wait until the kernel is idle."""
        self.start_all()
        self.wait_idle(timeout)

    def start_all(self) -> None:
        """Run all cells without waiting; returns when the first of them is under way."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_function("() => [...document.querySelectorAll('.jp-InputPrompt')].some(p => /\\[[*\\d]/.test(p.textContent))")

    def run_cell(self, index: int, timeout: float = 120) -> None:
        """Run one cell and wait until the kernel is idle."""
        self.page.evaluate(
            f"async index => {{ const panel = {PANEL}; panel.content.activeCellIndex = index;"
            " await window.jupyterapp.commands.execute('notebook:run-cell'); }",
            index,
        )
        self.wait_idle(timeout)

    def wait_idle(self, timeout: float = 120) -> None:
        """Wait until the kernel is connected and has nothing to do."""
        self.page.wait_for_function(IDLE, arg=self.name, timeout=timeout * 1000)

    def output(self, index: int) -> Any:
        """The output area of a cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")

    def theme(self, shade: str) -> None:
        """Switch to the light or the dark theme and wait until it is there."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", THEMES[shade])
        self.page.wait_for_selector(f'body[data-jp-theme-name="{THEMES[shade]}"]', state="attached")
        self.page.wait_for_timeout(300)  # the theme's sheet is loaded after its name is set
        self.shade = shade

    def screenshot(self, name: str, height: int = 1600) -> Path:
        """Save what a person sees under artifacts/, in full height."""
        ARTIFACTS.mkdir(exist_ok=True)
        path = ARTIFACTS / f"{name}-{self.front}-{self.shade}.png"
        self.page.set_viewport_size({"width": 1200, "height": height})
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=path)
        return path

    def saved(self) -> dict[str, Any]:
        """Save the notebook and return the file."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        return json.loads((self._server.root / self.name).read_text())

    def _note(self, request: Any) -> None:
        if not re.match(rf"{re.escape(self._server.url)}/|data:|blob:|{re.escape(self._server.url.replace('http', 'ws'))}/", request.url):
            self.foreign_requests.append(request.url)
