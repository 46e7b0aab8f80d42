"""Check the AWS side: credentials, quota, queues, tables, event source mapping, form endpoint, alarms, subscribers."""

import time
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.operations.check import Check, checked, green, not_checked, red, yellow
from registrar_cli.operations.event_source_mapping import ENABLED, EventSourceMapping, in_local_time
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.terminal.suggestions import suggest, suggest_deployment
from registrar_cli.terminal.version import __version__

_TABLES = ("RegistrantTable", "SubmissionTable", "AccountTable", "FormTable", "WebinarTable")
ENOUGH_EXECUTIONS = 100  # below, forms find no free execution from about 130 submissions per second
_RAISE_QUOTA = (
    "To raise it, days before a large event: aws service-quotas request-service-quota-increase --service-code lambda"
    " --quota-code L-B99A9384 --desired-value 1000"
)


def check_stack(session: Session) -> Iterator[Check]:
    """Yield all checks of the stack's AWS resources."""
    yield from checked("AWS credentials", lambda: _credentials(session))
    yield from _version(session)
    yield from checked("concurrency", lambda: _concurrency(session))
    yield from checked("queues", lambda: _queues(session))
    yield from checked("tables", lambda: _tables(session))
    yield from checked("consumer", lambda: _mapping(session))
    yield from _open_to_all(session)
    yield from checked("alarm e-mail", lambda: _alarm_email(session))
    yield from checked("alarms", lambda: _alarms(session))


def _credentials(session: Session) -> Iterator[Check]:
    try:
        me = aws.client("sts").get_caller_identity()
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading the caller's identity") from error
    yield green("AWS credentials", f"account {me['Account']}, stack {session.stack.name}")


def _version(session: Session) -> Iterator[Check]:
    """Warn where command and stack differ: the code of an older stack does not read a newer command's pause flag."""
    deployed = session.stack.outputs.get("Version", "unknown")
    if deployed != __version__:
        says = f"the stack's is {deployed}, this command's {__version__}: one may not do what the other expects"
        yield yellow("version", says, "Update the older one: docs/operations.md#updating")


def _concurrency(session: Session) -> Iterator[Check]:
    """Check the quota of the account; where it may not be read, say so."""
    try:
        quota = session.functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    except (ClientError, BotoCoreError) as error:
        yield not_checked("concurrency", aws.as_cli_error(error, "reading the account's quota").what)
        return
    says = f"the account may run {quota:,} functions at once"
    if quota < ENOUGH_EXECUTIONS:
        yield yellow("concurrency", f"{says}: a rush of forms is refused with an error", _RAISE_QUOTA)
    else:
        yield green("concurrency", says)


def _open_to_all(session: Session) -> Iterator[Check]:
    if session.stack.parameters.get("AllowedWebinars", "").strip():
        return
    says = "accepts any webinar of the Zoom account from anyone who knows its address"
    to_do = suggest("configure AllowedWebinars=ID,ID")
    if not session.stack.parameters.get("TurnstileSiteKey"):
        says += ", and nothing tells people from programs on its pages"
        to_do += "; or turn on Turnstile: SECURITY.md"
    yield yellow("form endpoint", says, to_do)


def _queues(session: Session) -> Iterator[Check]:
    depth = QueueDepths.of(session).now()
    yield green("queue", f"{depth.visible:,} waiting, {depth.not_visible:,} in flight or deferred")
    if depth.dead_letters:
        yield yellow("dead letters", f"{depth.dead_letters:,} waiting", suggest("failures"))
    else:
        yield green("dead letters", "none")


def _tables(session: Session) -> Iterator[Check]:
    states = {}
    for name in _TABLES:
        try:
            table = session.dynamodb.describe_table(TableName=session.stack.resource(name))["Table"]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, f"reading {name}") from error
        states[name] = table["TableStatus"]
    wrong = {name: state for name, state in states.items() if state != "ACTIVE"}
    if wrong:
        text = ", ".join(f"{name} is {state}" for name, state in wrong.items())
        yield red("tables", text, f"Wait for AWS to finish, or deploy again: {suggest_deployment()}")
    else:
        yield green("tables", f"{len(states)} reachable and active")


def _mapping(session: Session) -> Iterator[Check]:
    state = EventSourceMapping.of(session).state()
    if state == ENABLED:
        yield green("consumer", "its event source mapping is enabled: it sends registrants to Zoom")
    else:
        shown = in_local_time(state, time.time())
        yield red("consumer", f"its event source mapping is {shown}: no registrant is sent to Zoom", suggest("resume"))


def _alarm_email(session: Session) -> Iterator[Check]:
    topic = session.stack.output("AlarmTopicArn")
    try:
        pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        subscribers = [one for page in pages for one in page["Subscriptions"]]
        subscribers = [one for one in subscribers if one["SubscriptionArn"] != "Deleted"]  # listed for a while
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading the alarm topic's subscriptions") from error
    confirmed = [one for one in subscribers if one["SubscriptionArn"].startswith("arn:")]
    if len(confirmed) < len(subscribers):
        yield red("alarm e-mail", "not confirmed: it receives no alarms", "Click the link in AWS's mail; check spam.")
    elif not confirmed:
        yield yellow("alarm e-mail", "no one receives alarms", suggest("configure AlarmEmail=you@example.com"))
    else:
        yield green("alarm e-mail", f"{len(confirmed)} confirmed")


def _alarms(session: Session) -> Iterator[Check]:
    try:
        pages = aws.client("cloudwatch").get_paginator("describe_alarms")
        found = [
            alarm["AlarmName"]
            for page in pages.paginate(AlarmNamePrefix=f"{session.stack.name}-", StateValue="ALARM")
            for alarm in page["MetricAlarms"]
        ]
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading the alarms") from error
    logical = {physical: name for name, physical in session.stack.resources.items()}
    own = [logical[name] for name in found if name in logical]  # the prefix is that of `zoom-registrar-test` as well
    for alarm in own:
        yield red("alarms", f"{alarm} is in alarm", f"docs/runbook.md#{alarm.lower()}")
    if not own:
        yield green("alarms", "none is in alarm")
