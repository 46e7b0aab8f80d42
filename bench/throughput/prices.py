"""AWS's prices: us-east-1, on demand, arm64, in US dollars.

Read in November 2026, from docs/facts/aws-notes.md where it has them, else from AWS's pricing pages and guides that
quote them: CloudWatch (alarms, dashboards, metrics, logs), EventBridge Scheduler, DynamoDB (storage, point-in-time
recovery), X-Ray, API Gateway, Secrets Manager, EC2 (data transfer). Nothing was read from a bill.

Always-free amounts are per AWS account and month, shared with all else that runs there. Offers that end (12 months,
credits of new accounts) are left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """What one `unit` of a service costs; the first `free` units of a month cost nothing."""

    service: str
    unit: str
    dollars: float
    free: float = 0.0


HTTP_REQUEST = Price("API Gateway", "request", 1.00e-6)
LAMBDA_GB_SECOND = Price("Lambda", "GB-second", 0.0000133334, free=400_000)
INVOCATION = Price("Lambda", "invocation", 0.20e-6, free=1_000_000)
SQS_REQUEST = Price("SQS", "request", 0.40e-6, free=1_000_000)
SQS_GROUP_REQUEST = Price("SQS", "request with a group id, on top", 0.10e-6)
WRITE_UNIT = Price("DynamoDB", "write unit", 0.625e-6)
READ_UNIT = Price("DynamoDB", "read unit", 0.125e-6)
TABLE_GB_MONTH = Price("DynamoDB", "GB-month of rows", 0.25, free=25)
RECOVERY_GB_MONTH = Price("DynamoDB", "GB-month of point-in-time recovery", 0.20)
SECRET_MONTH = Price("Secrets Manager", "secret and month", 0.40)
SECRET_CALL = Price("Secrets Manager", "call", 0.05 / 10_000)
SCHEDULED_INVOCATION = Price("EventBridge Scheduler", "invocation", 1.00e-6, free=14_000_000)
ALARM_MONTH = Price("CloudWatch", "alarm and month", 0.10, free=10)
DASHBOARD_MONTH = Price("CloudWatch", "dashboard and month", 3.00, free=3)  # free: those of up to 50 metrics
METRIC_MONTH = Price("CloudWatch", "custom metric and month", 0.30, free=10)  # by the hour in which it has values
LOG_GB = Price("CloudWatch", "GB of log lines", 0.50, free=5)
LOG_GB_MONTH = Price("CloudWatch", "GB-month of log lines", 0.03)  # AWS compresses what it counts; this does not
TRACE = Price("X-Ray", "trace", 5.00e-6, free=100_000)
TRANSFER_GB = Price("Data transfer", "GB to the internet", 0.09, free=100)

PRICES = (
    *(HTTP_REQUEST, LAMBDA_GB_SECOND, INVOCATION, SQS_REQUEST, SQS_GROUP_REQUEST),
    *(WRITE_UNIT, READ_UNIT, TABLE_GB_MONTH, RECOVERY_GB_MONTH, SECRET_MONTH, SECRET_CALL, SCHEDULED_INVOCATION),
    *(ALARM_MONTH, DASHBOARD_MONTH, METRIC_MONTH, LOG_GB, LOG_GB_MONTH, TRACE, TRANSFER_GB),
)


@dataclass(frozen=True)
class Bill:
    """What one run of a consumer used of AWS; producers, and what costs by the month, are in bench/costs.py."""

    sqs_requests: int
    read_units: float
    write_units: float
    invocations: int
    gb_seconds: float
    secret_calls: int
    log_gb: float

    @property
    def dollars(self) -> float:
        """Add up everything; all requests to SQS are taken to be about messages with a group id."""
        return (
            self.sqs_requests * (SQS_REQUEST.dollars + SQS_GROUP_REQUEST.dollars)
            + self.read_units * READ_UNIT.dollars
            + self.write_units * WRITE_UNIT.dollars
            + self.invocations * INVOCATION.dollars
            + self.gb_seconds * LAMBDA_GB_SECOND.dollars
            + self.secret_calls * SECRET_CALL.dollars
            + self.log_gb * LOG_GB.dollars
        )
