"""What AWS asks for: docs/aws-notes.md, us-east-1, on demand, arm64.

In: what was used. Out: dollars.
"""

from dataclasses import dataclass

LAMBDA_GB_SECOND = 0.0000133334
INVOCATION = 0.20e-6
SQS_REQUEST = 0.50e-6  # 0.40, and 0.10 for the group ids of fair queues
WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6
SECRET_CALL = 0.05 / 10_000
LOG_GB = 0.50


@dataclass(frozen=True)
class Bill:
    """What one run used of AWS. The door, the queue's producers and idle months are not in it."""

    sqs_requests: int
    read_units: float
    write_units: float
    invocations: int
    gb_seconds: float
    secret_calls: int
    log_gb: float

    @property
    def dollars(self) -> float:
        """All of it."""
        return (
            self.sqs_requests * SQS_REQUEST
            + self.read_units * READ_UNIT
            + self.write_units * WRITE_UNIT
            + self.invocations * INVOCATION
            + self.gb_seconds * LAMBDA_GB_SECOND
            + self.secret_calls * SECRET_CALL
            + self.log_gb * LOG_GB
        )
