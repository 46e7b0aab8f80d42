"""`doctor`, the AWS side: who we are, queues, tables, mapping, alarms and who hears of them.

In: a session. Out: checks.
"""

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.doctor.check import Check, checked, green, red, yellow
from registrar_cli.operations.event_source_mapping import ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths

_TABLES = ("RegistrantTable", "SubmissionTable", "AccountTable")


def check_stack(session: Session) -> Iterator[Check]:
    """Everything of AWS's."""
    yield from checked("AWS credentials", lambda: _credentials(session))
    yield from checked("queues", lambda: _queues(session))
    yield from checked("tables", lambda: _tables(session))
    yield from checked("consumer", lambda: _mapping(session))
    yield from checked("alarm e-mail", lambda: _alarm_email(session))
    yield from checked("alarms", lambda: _alarms(session))


def _credentials(session: Session) -> Iterator[Check]:
    try:
        me = aws.client("sts").get_caller_identity()
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "asking who we are") from error
    yield green("AWS credentials", f"account {me['Account']}, stack {session.stack.name}")


def _queues(session: Session) -> Iterator[Check]:
    depth = QueueDepths.of(session).now()
    yield green("queue", f"{depth.visible:,} wait, {depth.not_visible:,} in hand or deferred")
    if depth.dead_letters:
        yield yellow("dead letters", f"{depth.dead_letters:,} could not be registered", "registrar failures")
    else:
        yield green("dead letters", "none")


def _tables(session: Session) -> Iterator[Check]:
    states = {}
    for name in _TABLES:
        try:
            table = session.dynamodb.describe_table(TableName=session.stack.resource(name))["Table"]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, f"looking at {name}") from error
        states[name] = table["TableStatus"]
    wrong = {name: state for name, state in states.items() if state != "ACTIVE"}
    if wrong:
        states_text = ", ".join(f"{name} is {state}" for name, state in wrong.items())
        yield red("tables", states_text, "Wait for AWS to finish, or deploy again: sam deploy")
    else:
        yield green("tables", f"{len(states)} reachable and active")


def _mapping(session: Session) -> Iterator[Check]:
    state = EventSourceMapping.of(session).state()
    if state == ENABLED:
        yield green("consumer", "its mapping is enabled: people are sent to Zoom")
    else:
        yield red("consumer", f"its mapping is {state}: nobody is sent to Zoom", "registrar resume")


def _alarm_email(session: Session) -> Iterator[Check]:
    topic = session.stack.output("AlarmTopicArn")
    try:
        pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        readers = [one for page in pages for one in page["Subscriptions"]]
        readers = [one for one in readers if one["SubscriptionArn"] != "Deleted"]  # told for a while after it is gone
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "asking who hears of alarms") from error
    confirmed = [one for one in readers if one["SubscriptionArn"].startswith("arn:")]
    if len(confirmed) < len(readers):
        yield red("alarm e-mail", "not confirmed: no alarm arrives", "Click the link in AWS's mail, also in the spam.")
    elif not confirmed:
        yield yellow("alarm e-mail", "nobody hears of alarms", "sam deploy --parameter-overrides AlarmEmail=you@…")
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
        raise aws.as_cli_error(error, "asking for alarms") from error
    logical = {physical: name for name, physical in session.stack.resources.items()}
    for name in found:
        alarm = logical.get(name, name)
        yield red("alarms", f"{alarm} rings", f"docs/runbook.md#{alarm.lower()}")
    if not found:
        yield green("alarms", "none rings")
