"""A stand-in for Cloudflare's siteverify, served on this machine.

It knows Cloudflare's three test secrets (form-providers.md, section 6), verifies a token once, and again only under the
same idempotency key. Not modelled: the age of a token, and `remoteip`.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASSES = "1x0000000000000000000000000000000AA"
FAILS = "2x0000000000000000000000000000000AA"
SPENT = "3x0000000000000000000000000000000AA"
TOKEN = "XXXX.DUMMY.TOKEN.XXXX"


class Siteverify:
    """Its state: the questions it was asked, and the faults of the next answers."""

    def __init__(self) -> None:
        self.url = ""
        self.questions: list[dict[str, Any]] = []
        self.hostname = "www.example.com"
        self.next_statuses: list[int] = []
        self.delay_s = 0.0
        self.body: bytes | None = None
        self._keys: dict[str, str] = {}

    def answer(self, question: dict[str, Any]) -> tuple[int, bytes]:
        """Return status and body."""
        self.questions.append(question)
        time.sleep(self.delay_s)
        if self.next_statuses:
            return self.next_statuses.pop(0), b"<html>busy</html>"
        errors = self._errors(question)
        verified = {"success": not errors, "error-codes": errors}
        body = json.dumps(verified if errors else {**verified, "hostname": self.hostname}).encode()
        return 200, body if self.body is None else self.body

    def _errors(self, question: dict[str, Any]) -> list[str]:
        secret, token = question.get("secret"), question.get("response")
        if secret not in {PASSES, FAILS, SPENT}:
            return ["invalid-input-secret"]
        if not token or secret == FAILS:
            return ["invalid-input-response" if token else "missing-input-response"]
        key = str(question.get("idempotency_key"))
        is_spent = secret == SPENT or self._keys.setdefault(token, key) != key
        return ["timeout-or-duplicate"] if is_spent else []


@contextmanager
def siteverify() -> Iterator[Siteverify]:
    """Serve a stand-in at its `url`."""
    state = Siteverify()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, body = state.answer(question)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/turnstile/v0/siteverify"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
