"""The form of log lines that Lambda expects."""

import io
import json
from datetime import datetime

from aws_lambda_powertools import Logger


def assert_rfc3339(logger: Logger) -> None:
    """Assert that the logger's lines have an RFC 3339 timestamp.

    Lambda takes a line without one for level INFO, and drops it where the function's log level is higher.
    """
    stream, handler = io.StringIO(), logger.registered_handler
    before = handler.setStream(stream)  # type: ignore[attr-defined]
    try:
        logger.error("Example")
    finally:
        handler.setStream(before)  # type: ignore[attr-defined]
    text = json.loads(stream.getvalue())["timestamp"]
    assert text[10] == "T"
    assert datetime.fromisoformat(text).tzinfo is not None
