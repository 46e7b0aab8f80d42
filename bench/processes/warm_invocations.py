"""Measure warm invocations in a fresh interpreter (`python warm_invocations.py KIND NUMBER FOLDER…`).

KIND is the function's (form_endpoint, webhook), the folders are its path. It writes one JSON line to standard error:
the CPU seconds of each invocation, and the calls to AWS of the last one that followed one another. A call that runs
beside them, on a thread of its own, is shorter than theirs together.
"""

import json
import sys
import threading
import time
from typing import Any

WARM_UP = 20  # invocations


def main(kind: str, number: int, folders: list[str]) -> None:
    """Invoke the function that these folders hold."""
    repository = __file__.rsplit("/", 3)[0]
    sys.path[:1] = folders
    import app  # type: ignore[import-not-found]  # noqa: PLC0415

    sys.path.append(repository)
    from bench.processes import lambda_environment, wire  # noqa: PLC0415

    in_turn: list[str] = []

    def aws(operation: str, request: wire.Json) -> wire.Json:
        if threading.current_thread() is threading.main_thread():
            in_turn.append(operation)
        return wire.canned(operation, request)

    wire.replace(aws, wire.zoom)
    spent = []
    for place in range(WARM_UP + number):
        event = lambda_environment.webhook_event(place) if kind == "webhook" else lambda_environment.form_event()
        in_turn.clear()
        before = time.process_time()
        answer: dict[str, Any] = app.handler(event, lambda_environment.Context())
        spent.append(time.process_time() - before)
        if answer["statusCode"] not in {200, 202}:
            raise RuntimeError(f"the invocation failed: {answer}")
    sys.stderr.write(json.dumps({"cpu": spent[WARM_UP:], "in_turn": in_turn}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
