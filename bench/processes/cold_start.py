"""Measure one cold start, in a fresh interpreter of startup.py (`python cold_start.py KIND FOLDER…`).

KIND is the function's (consumer, form_endpoint, webhook), the folders are its path. It writes one JSON line to standard
error: wall-clock and CPU seconds until the import, until the environment of the first invocation, and until its end.
"""

# Unused imports: Lambda's runtime client imports these before the function, so they are no cost of it.
import decimal  # noqa: F401
import json
import logging  # noqa: F401
import sys
import time
import traceback  # noqa: F401


def main(kind: str, folders: list[str]) -> None:
    """Start the function that these folders hold."""
    del sys.path[0]  # this file's own folder
    here = sys.path[:]
    sys.path[:0] = folders
    marks = [_now()]
    import app  # type: ignore[import-not-found]  # noqa: PLC0415

    marks.append(_now())
    # Our functions create their clients in the first invocation, the naive ones at import, but for Secrets Manager.
    if hasattr(app, "environment"):
        app.environment()
    marks.append(_now())
    modules = len(sys.modules)

    sys.path[:] = here
    sys.path.insert(0, __file__.rsplit("/", 3)[0])
    from bench.processes import lambda_environment, wire  # noqa: PLC0415

    sys.path[:] = folders + here
    event = lambda_environment.EVENTS[kind]()
    wire.replace(wire.canned, wire.zoom)
    before = _now()
    answer = app.handler(event, lambda_environment.Context())
    after = _now()
    _check(kind, answer)
    started = marks[0]
    spent = [[mark[0] - started[0], mark[1] - started[1]] for mark in marks[1:]]
    spent.append([spent[-1][0] + after[0] - before[0], spent[-1][1] + after[1] - before[1]])
    sys.stderr.write(json.dumps({"spent": spent, "modules": modules}) + "\n")


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _check(kind: str, answer: dict[str, object]) -> None:
    """Raise an error for a failed start, which would be fast."""
    succeeded = answer == {"batchItemFailures": []} if kind == "consumer" else answer["statusCode"] in {200, 202}
    if not succeeded:
        raise RuntimeError(f"the invocation failed: {answer}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
