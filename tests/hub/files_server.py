"""A loopback server that gives out one repository's files the way the Hub does: info, tree, resolve with ETag and commit."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34


@dataclass
class FilesHub:
    """One model on a Hub of its own.

    `status` answers every request with that error; `delay` is the pause in seconds before each 64 KB of a file.
    """

    model: str
    files: dict[str, bytes]
    status: tuple[int, dict[str, str]] | None = None
    delay: float = 0.0
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                hub.answer(self, body=False)

            def do_GET(self) -> None:
                hub.answer(self, body=True)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, http: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = unquote(urlsplit(http.path).path)
        self.requests.append(f"{http.command} {path}")
        resolve = f"/{self.model}/resolve/{COMMIT}/"
        if self.status:
            code, headers = self.status
            self._send(http, code, b'{"error": "no"}', headers, body=body)
        elif path.startswith(f"/api/models/{self.model}/tree/"):
            self._json(
                http, [{"type": "file", "oid": _sha(data), "size": len(data), "path": name} for name, data in self.files.items()], body=body
            )
        elif path.startswith(f"/api/models/{self.model}"):
            siblings = [{"rfilename": name, "size": len(data), "blobId": _sha(data)} for name, data in self.files.items()]
            self._json(http, {"id": self.model, "sha": COMMIT, "siblings": siblings, "tags": [], "private": False}, body=body)
        elif path.startswith(resolve) and path.removeprefix(resolve) in self.files:
            data = self.files[path.removeprefix(resolve)]
            self._send(http, 200, data, {"ETag": f'"{_sha(data)}"', "X-Repo-Commit": COMMIT}, body=body)
        else:
            self._send(http, 404, b'{"error": "not found"}', {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}, body=body)

    def _json(self, http: BaseHTTPRequestHandler, value: object, *, body: bool) -> None:
        self._send(http, 200, json.dumps(value).encode(), {"Content-Type": "application/json"}, body=body)

    def _send(self, http: BaseHTTPRequestHandler, code: int, data: bytes, headers: dict[str, str], *, body: bool) -> None:
        http.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            http.send_header(name, value)
        http.end_headers()
        try:
            for start in range(0, len(data) if body else 0, 65536):
                time.sleep(self.delay)
                http.wfile.write(data[start : start + 65536])
        except OSError:
            http.close_connection = True


def _sha(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
