"""A loopback server that answers one question of the Hub: whose token is this?"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

ANSWER = {
    "type": "user",
    "name": "ada",
    "fullname": "Ada L.",
    "email": "ada@example.org",
    "orgs": [{"type": "org", "name": "engines"}, {"type": "org", "name": "looms"}],
    "auth": {"type": "access_token", "accessToken": {"displayName": "my laptop", "role": "read", "createdAt": "2026-01-01T00:00:00.000Z"}},
}


class WhoamiHub:
    """Knows one token.

    `mode` is how it answers: ``normal``; ``echo`` repeats the request's headers in every text; ``slow`` takes the question and stays
    silent; ``trickle`` sends a byte now and then; ``drop`` hangs up; ``html`` is the page of a hotel's network; a number is that status.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.mode: str | int = "normal"
        self.answer: object = ANSWER
        self.requests: list[str] = []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                hub.requests.append(self.path)
                with contextlib.suppress(OSError):
                    hub.serve(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self, http: BaseHTTPRequestHandler) -> None:
        said = http.headers.get("authorization", "")
        http.close_connection = True
        if http.path != "/api/whoami-v2":
            self._send(http, 404, {"error": "not found"})
        elif self.mode == "slow":
            self._over.wait(30)
        elif self.mode == "trickle":
            http.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not self._over.wait(0.2):
                http.wfile.write(b" ")
        elif self.mode == "drop":
            http.connection.shutdown(socket.SHUT_RDWR)
        elif self.mode == "html":
            self._send(http, 200, b"<html>Welcome to the hotel")
        elif self.mode == "echo":
            self._send(
                http, 200, ANSWER | {"name": f"ada {said}", "orgs": [{"name": said}], "auth": {"accessToken": {"displayName": said}}}
            )
        elif self.mode == "echo 401" or said != f"Bearer {self.token}":
            self._send(http, 401, {"error": f"Invalid credentials in Authorization header: {said}"})
        elif isinstance(self.mode, int):
            self._send(http, self.mode, {"error": "no"})
        else:
            self._send(http, 200, self.answer)

    def _send(self, http: BaseHTTPRequestHandler, code: int, value: object) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        http.send_response(code)
        http.send_header("Content-Length", str(len(data)))
        http.send_header("X-Request-Id", "request-1")
        http.end_headers()
        http.wfile.write(data)
