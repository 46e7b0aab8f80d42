"""A site that serves the pages as the functions do, and keeps what was posted to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from registrar.forms.pages.html.document import content_security_policy

FORM_PATH = "/webinars/97871060099"
POST_PATH = f"{FORM_PATH}/registrants"
STATUS_PATH = "/submissions/0b0c1d2e-0000-4000-8000-000000000001"


@dataclass
class Answer:
    """What the site answers at one path."""

    body: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


@dataclass
class Site:
    """Answers by path; a list is answered one after the other, its last one for good."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    has_turnstile: bool = False

    def serve(self, path: str, *bodies: str, **answer: object) -> str:
        """Serve pages at a path and return the URL."""
        self.answers[path] = [Answer(body, **answer) for body in bodies]  # type: ignore[arg-type]
        return self.url + path

    def redirect(self, path: str, location: str) -> None:
        """Answer 303 at a path."""
        self.answers[path] = [Answer("", 303, {"location": location})]

    def answer(self, path: str) -> Answer:
        """Return the next answer of a path."""
        answers = self.answers.get(path, [Answer('{"message":"Not Found"}', 404, content_type="application/json")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on a free port of this machine."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.gets.append(self.path)
            self._answer()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            site.posts.append(parse_qs(body, keep_blank_values=True))
            self._answer()

        def _answer(self) -> None:
            answer = site.answer(self.path)
            headers = {
                "content-type": answer.content_type,
                "content-security-policy": content_security_policy("*", site.has_turnstile),
                "access-control-allow-origin": "*",
                "content-length": str(len(answer.body.encode())),
            }
            self.send_response(answer.status)
            for name, value in {**headers, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    # Every test has a site of its own, and stopping one waits for this interval.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
