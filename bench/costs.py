"""Print what the stack costs on AWS: in a quiet month, and for an event (`python -m bench.costs`, or `make costs`).

Every amount is a count times a price. The prices are in throughput/prices.py. The counts come from template.yaml
(alarms, secrets, dashboards, the schedule, memory), from one invocation of each function that a visitor or a provider
causes, and from the real consumer that registers the whole event in virtual time (make bench explains the model). In a
quiet month nothing is registered: RefreshToken runs, and Lambda polls an empty queue.

Each registrant of the event opens the registration page, sends its form, and sees the status page twice: at once, and
when it refreshes itself. The last line is for an event whose registrants all come by a provider's webhook.

Left out: the CPU time of our code (it nearly always waits), CORS preflights of forms that post with JavaScript, the few
lookups of DescribeWebinar, what a parameter switches on (Turnstile's secret), SAM's S3 bucket (cents), Logs Insights
queries, alarm e-mails beyond the 1,000 free ones, and Zoom.
"""

import argparse
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registrar.observability.metrics import Metric, Service

from bench import report
from bench.simulation import single_invocations
from bench.simulation.aws_model import LONG_POLL_S, POLLERS, USUAL, Model
from bench.simulation.single_invocations import Used
from bench.simulation.testbed import Testbed
from bench.throughput import prices
from bench.throughput.plan import VIRTUAL
from bench.throughput.prices import PRICES, Bill, Price
from bench.throughput.results import result_of
from bench.throughput.scenarios import Scenario
from bench.throughput.subjects import OUR_MEMORY_MB, OURS
from tests.fakes.dynamodb.values import item_bytes
from tests.template.cloudformation import TEXT, Template

HOUR_S = 3_600.0
MONTH_S = 730 * HOUR_S  # as AWS counts
GB = 1e9
MB_PER_GB = 1_024

# Documented by AWS: bytes that DynamoDB adds to each row, and CloudWatch to each log line.
ROW_BYTES, LINE_BYTES = 100, 26
# Lambda's own lines of an invocation (start, runtimeDone, report), as JSON. Measured nowhere: assumed.
PLATFORM_LINES, PLATFORM_BYTES = 3, 900
# X-Ray's default sampling: the first request of each second, and 5 % of the others.
SAMPLED = 0.05
STATUS_READS = 2  # of one registrant

Usage = Mapping[Price, float]  # units by price


@dataclass(frozen=True)
class Event:
    """What the consumer used to register everyone; `row_bytes` is the size of its rows."""

    scenario: Scenario
    bill: Bill
    row_bytes: int


def main() -> int:
    """Count, print, and write the JSON file; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__.partition("\n")[0])
    parser.add_argument("--registrants", type=int, default=10_000, help="of the event (default: %(default)s)")
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="within which they submit the form (default: %(default)g)"
    )
    given = parser.parse_args()
    template = Template(TEXT)
    event = register(Scenario("event", given.registrants, given.minutes * 60, trickle=True))
    quiet, added = quiet_month(template), event_usage(template, event, by_page())
    title = f"{given.registrants:,} registrants"
    report.say(
        f"AWS in US dollars: us-east-1, on demand, arm64. Quiet month: no registrant. Event: {title} of one webinar\n"
        f"within {given.minutes:g} minutes, on top of the month; its rows and log lines are kept for one month."
    )
    report.table("By service", *by_service(quiet, added))
    report.table("Counted", *by_unit(quiet, added))
    webhooks = dollars(event_usage(template, event, by_webhook()))
    report.say(f"By a provider's webhook instead of the page, the event adds ${webhooks:.3f}.")
    report.save("costs", {"event": asdict(event.bill), "quiet_month": _json(quiet), "event_adds": _json(added)})
    return 0


def register(scenario: Scenario, model: Model = USUAL) -> Event:
    """Let our consumer register everyone of the event, in virtual time.

    Raises:
        RuntimeError: a registrant has no join URL in the end, so the counts are those of another event.
    """
    testbed = Testbed.virtual(scenario, model)
    work = OURS.begin(testbed)
    testbed.run(work.actors)
    found = result_of(testbed, OURS, VIRTUAL, work, 0.0)
    if found.lost:
        raise RuntimeError(f"{found.lost} registrants of the event were not registered")
    rows = testbed.consumer.dynamodb.tables["Registrants"].items()
    return Event(scenario, found.bill, sum(map(item_bytes, rows)) + ROW_BYTES * len(rows))


def quiet_month(template: Template, model: Model = USUAL) -> Usage:
    """Count a month without a registrant."""
    mint, runs = single_invocations.mint(model), MONTH_S / schedule_s(template)
    # Half an hour apart, each run is taken to find no warm environment.
    seconds = mint.seconds + model.cold_start_s
    return {
        prices.ALARM_MONTH: sum(map(alarm_metrics, unconditional(template, "AWS::CloudWatch::Alarm"))),
        prices.DASHBOARD_MONTH: len(unconditional(template, "AWS::CloudWatch::Dashboard")),
        prices.METRIC_MONTH: custom_metrics(Service.REFRESH_TOKEN),
        prices.SECRET_MONTH: len(unconditional(template, "AWS::SecretsManager::Secret")),
        prices.SECRET_CALL: runs * mint.secret_calls,
        prices.SCHEDULED_INVOCATION: runs,
        prices.INVOCATION: runs,
        prices.LAMBDA_GB_SECOND: runs * seconds * memory_gb(template, "RefreshTokenFunction"),
        prices.WRITE_UNIT: runs * mint.write_units,
        prices.READ_UNIT: runs * mint.read_units,
        prices.SQS_REQUEST: POLLERS * MONTH_S / LONG_POLL_S,
        prices.TRACE: traces(runs, MONTH_S),
        **_logs(runs * (mint.log_bytes + _platform())),
    }


@dataclass(frozen=True)
class Visit:
    """What each registrant causes: so many invocations of a function, each of which uses this."""

    service: Service
    function: str
    used: Used
    times: int = 1


def by_page(model: Model = USUAL) -> list[Visit]:
    """Return the visits of a registrant that comes by the registration page."""
    return [
        Visit(Service.REGISTRATION_PAGE, "RegistrationPageFunction", single_invocations.page(model)),
        Visit(Service.ACCEPT_SUBMISSION, "AcceptSubmissionFunction", single_invocations.submission(model)),
        Visit(
            Service.REGISTRATION_PAGE, "RegistrationPageFunction", single_invocations.status_page(model), STATUS_READS
        ),
    ]


def by_webhook(model: Model = USUAL) -> list[Visit]:
    """Return the visit of a registrant that comes by a provider's webhook."""
    return [Visit(Service.ACCEPT_FORM, "AcceptFormFunction", single_invocations.delivery(model))]


def event_usage(template: Template, event: Event, visits: Sequence[Visit]) -> Usage:
    """Count what an event adds to its month, whose registrants each cause these visits."""
    bill, registrants, seconds = event.bill, event.scenario.registrants, event.scenario.seconds

    def each(count: Callable[[Visit], float]) -> float:
        return registrants * sum(visit.times * count(visit) for visit in visits)

    requests = bill.sqs_requests + each(lambda visit: visit.used.sqs_requests)
    stored_gb = (event.row_bytes + each(lambda visit: visit.used.row_bytes and visit.used.row_bytes + ROW_BYTES)) / GB
    hours = math.ceil(seconds / HOUR_S)
    access_line = len(template.properties("SubmissionApi")["AccessLogSettings"]["Format"]) + LINE_BYTES
    consumer_gb = memory_gb(template, "RegisterBatchFunction") * MB_PER_GB / OUR_MEMORY_MB
    invocations = each(lambda visit: 1)
    metrics = sum(map(custom_metrics, {Service.REGISTER_BATCH, *(visit.service for visit in visits)}))
    return {
        prices.HTTP_REQUEST: invocations,
        prices.TRANSFER_GB: each(lambda visit: visit.used.response_bytes) / GB,
        prices.INVOCATION: invocations + bill.invocations,
        prices.LAMBDA_GB_SECOND: each(lambda visit: visit.used.seconds * memory_gb(template, visit.function))
        + bill.gb_seconds * consumer_gb,
        prices.SQS_REQUEST: requests,
        prices.SQS_GROUP_REQUEST: requests,
        prices.WRITE_UNIT: bill.write_units + each(lambda visit: visit.used.write_units),
        prices.READ_UNIT: bill.read_units + each(lambda visit: visit.used.read_units),
        prices.TABLE_GB_MONTH: stored_gb,
        prices.RECOVERY_GB_MONTH: stored_gb,
        prices.SECRET_CALL: bill.secret_calls + each(lambda visit: visit.used.secret_calls),
        prices.METRIC_MONTH: metrics * hours * (HOUR_S / MONTH_S),
        prices.TRACE: traces(invocations, seconds) + traces(bill.invocations, seconds),
        **_logs(
            each(lambda visit: visit.used.log_bytes + _platform() + access_line)
            + bill.log_gb * GB
            + bill.invocations * _platform()
        ),
    }


def unconditional(template: Template, type_: str) -> list[dict[str, Any]]:
    """Return the properties of the resources of a type that no parameter has to switch on."""
    return [
        properties
        for name, properties in template.of_type(type_).items()
        if "Condition" not in template.resources[name]
    ]


def alarm_metrics(alarm: Mapping[str, Any]) -> int:
    """Count the metrics that an alarm is billed for: one, or each that its metric math reads."""
    return sum("MetricStat" in metric for metric in alarm["Metrics"]) if "Metrics" in alarm else 1


def schedule_s(template: Template) -> float:
    """Read from the template how many seconds lie between two scheduled runs of RefreshToken."""
    schedule = template.properties("RefreshTokenFunction")["Events"]["HalfHourly"]["Properties"]["ScheduleExpression"]
    found = re.fullmatch(r"rate\((\d+) minutes\)", schedule)
    if found is None:
        raise RuntimeError(f"The schedule {schedule!r} is not a rate in minutes: count it here.")
    return int(found[1]) * 60.0


def memory_gb(template: Template, function: str) -> float:
    """Read a function's memory from the template."""
    return float(template.properties(function)["MemorySize"]) / MB_PER_GB


def custom_metrics(service: Service) -> int:
    """Count the metrics that a function emits; CloudWatch bills those of an hour in which they have values."""
    return sum(metric.service is service for metric in Metric)


def traces(invocations: float, seconds: float) -> float:
    """Return how many of these invocations, spread evenly, X-Ray records."""
    first = min(invocations, seconds)
    return first + SAMPLED * (invocations - first)


def dollars(usage: Usage) -> float:
    """Return what this costs where nothing is free."""
    return sum(units * price.dollars for price, units in usage.items())


def dollars_after_free(usage: Usage) -> float:
    """Return what this costs in a month of an account that uses the always-free amounts for nothing else."""
    return sum(max(0.0, units - price.free) * price.dollars for price, units in usage.items())


def together(*usages: Usage) -> Usage:
    """Return the sum of several usages."""
    total: Counter[Price] = Counter()
    for usage in usages:
        total.update(dict(usage))
    return total


Rows = tuple[list[str], list[list[str]]]


def by_service(quiet: Usage, added: Usage) -> Rows:
    """Return the table of amounts, one row per service, and the sums."""
    columns = (quiet, added, together(quiet, added))
    services = {price.service for column in columns for price in column}
    rows = [
        [service, *(f"{dollars(_of(service, column)):.3f}" for column in columns)]
        for service in sorted(services, key=lambda service: -dollars(_of(service, columns[-1])))
    ]
    free = [dollars_after_free(column) for column in (quiet, columns[-1])]
    rows.append(["together", *(f"{dollars(column):.3f}" for column in columns)])
    rows.append(["less the always-free amounts", f"{free[0]:.3f}", f"{free[1] - free[0]:.3f}", f"{free[1]:.3f}"])
    return ["", "quiet month", "the event adds", "month with the event"], rows


def by_unit(quiet: Usage, added: Usage) -> Rows:
    """Return the table of counts and prices, one row per price."""
    rows = [
        [
            f"{price.service}: {price.unit}",
            f"{price.dollars:.10f}".rstrip("0"),
            f"{price.free:,.0f}" if price.free else "",
            *(cell for usage in (quiet, added) for cell in _counted(usage.get(price, 0.0), price)),
        ]
        for price in PRICES
        if price in quiet or price in added
    ]
    return ["", "price", "free per month", "quiet month", "$", "the event adds", "$"], rows


def _counted(units: float, price: Price) -> tuple[str, str]:
    if not units:
        return "", ""
    return f"{units:,.0f}" if units >= 100 or units == int(units) else f"{units:.3g}", f"{units * price.dollars:.4f}"


def _of(service: str, usage: Usage) -> Usage:
    return {price: units for price, units in usage.items() if price.service == service}


def _logs(log_bytes: float) -> Usage:
    return {prices.LOG_GB: log_bytes / GB, prices.LOG_GB_MONTH: log_bytes / GB}


def _platform() -> int:
    return PLATFORM_BYTES + PLATFORM_LINES * LINE_BYTES


def _json(usage: Usage) -> list[dict[str, object]]:
    return [{**asdict(price), "units": units, "cost": units * price.dollars} for price, units in usage.items()]


if __name__ == "__main__":
    sys.exit(main())
