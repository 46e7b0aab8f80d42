"""What is known about a webinar: from WebinarTable, or from DescribeWebinar where that is missing or old."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.freshness import is_fresh
from registrar.zoom.webinar_facts import WebinarFacts

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class Facts:
    """Reads facts. A failure is logged and means that nothing is known: a page without facts is better than none."""

    def __init__(
        self,
        table: WebinarTable,
        functions: "LambdaClient",
        describe_function: str,
        logger: Logger,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._functions = functions
        self._describe_function = describe_function
        self._logger = logger
        self._clock = clock

    def any(self, webinar_id: str, kind: str) -> WebinarFacts | None:
        """Return facts, however old; without any, for a form that is not our page's, look the webinar up."""
        return self._known(webinar_id, kind) or self._describe(webinar_id, kind)

    def recent(self, webinar_id: str, kind: str) -> WebinarFacts | None:
        """Return recent facts; else older ones if the webinar existed; else None."""
        known = self._known(webinar_id, kind)
        if known is not None and is_fresh(known, self._clock()):
            return known
        described = self._describe(webinar_id, kind)
        if described is not None:
            return described
        return known if known is not None and known.exists else None

    def _known(self, webinar_id: str, kind: str) -> WebinarFacts | None:
        try:
            return self._table.read(webinar_id, kind)
        except StorageError as error:
            self._logger.warning("Facts not read", webinar_id=webinar_id, error=str(error))
            return None

    def _describe(self, webinar_id: str, kind: str) -> WebinarFacts | None:
        """Have the webinar looked up; the visitor waits for it, but not for long."""
        request = json.dumps({"webinar_id": webinar_id, "kind": kind})
        try:
            response = self._functions.invoke(FunctionName=self._describe_function, Payload=request)
            answer = json.loads(response["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            self._logger.warning("Webinar not described", webinar_id=webinar_id, error=error_code(error))
            return None
        if "FunctionError" in response:
            self._logger.warning("Webinar not described", webinar_id=webinar_id, error=answer.get("errorType"))
            return None
        return None if "unknown" in answer else WebinarFacts.from_attributes(answer)
