"""A share of the chaos run (tests/chaos) through the deployed whole: faults at Zoom, guilty people, double forms."""

import json
import random
import time
from collections import Counter

import pytest

from tests.stack.conftest import Deployment

SEED = 1
WAIT_S = 240.0  # several deferrals, and far more

OPEN, STRICT, UNKNOWN = 80, 40, 10  # people
INVALID = 3  # of the strict webinar, whose e-mail domain is blocked
DUPLICATES = 20  # of those in the open webinar
FAULTS = (
    {"kind": "html_502", "processed": "yes"},
    {"kind": "reset", "processed": "no"},
    {"kind": "rate_limit", "limit": "concurrent"},
    {"kind": "rate_limit", "limit": "per_second"},
)  # two of them cost an attempt: nobody has to wait for tomorrow


def test_whatever_breaks_everybody_ends_where_he_should(deployment: Deployment) -> None:
    open_webinar, strict, unknown = (
        deployment.webinar(),
        deployment.webinar(blocked_domains=["blocked.example.com"]),
        "91000000405",
    )
    for fault in FAULTS:
        deployment.zoom.add_fault(**fault, call="batch", webinar=open_webinar)
    expected: dict[tuple[str, str], str | None]
    expected = {(open_webinar, f"p{place}@example.com"): None for place in range(OPEN)}
    expected |= {(strict, f"p{place}@example.com"): None for place in range(STRICT - INVALID)}
    expected |= {(strict, f"p{place}@blocked.example.com"): "email_not_allowed" for place in range(INVALID)}
    expected |= {(unknown, f"p{place}@example.com"): "webinar_not_found" for place in range(UNKNOWN)}
    bodies = queue(deployment, list(expected))

    wait_until_queue_is_empty(deployment)

    rows = {key: deployment.row(*key) or {} for key in expected}
    assert {key: row.get("reason") for key, row in rows.items()} == expected
    assert Counter(row["status"] for row in rows.values()) == {
        "registered": OPEN + STRICT - INVALID,
        "rejected": INVALID + UNKNOWN,
    }
    for webinar in (open_webinar, strict):
        at_zoom = {one.email.lower(): one.join_url.strip() for one in deployment.zoom.registrants(webinar)}
        assert at_zoom == {
            email: row["join_url"] for (of, email), row in rows.items() if of == webinar and "join_url" in row
        }
    assert deployment.zoom.highest_attempts() <= 3
    for body, key in bodies:
        if expected[key]:
            assert deployment.dead_letter(body)["MessageAttributes"]["reason"]["StringValue"] == expected[key]


def queue(deployment: Deployment, registrants: list[tuple[str, str]]) -> list[tuple[str, tuple[str, str]]]:
    """Queue a form for everybody, and another one for some, in any order; returns each body and whom it is about.

    Nobody in the webinar with the guilty has two: isolation in two environments at once would use up his day.
    """
    rng = random.Random(SEED)
    forms = [(email, (webinar, email)) for webinar, email in registrants]
    forms += [(key[1].upper(), key) for key in rng.sample(registrants[:OPEN], DUPLICATES)]
    rng.shuffle(forms)
    bodies = [(json.dumps({"webinar_id": key[0], "email": email, "first_name": "Ada"}), key) for email, key in forms]
    for body, (webinar, _) in bodies:
        deployment.send(body, MessageGroupId=webinar)
    return bodies


def wait_until_queue_is_empty(deployment: Deployment) -> None:
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        attributes = deployment.stack.client("sqs").get_queue_attributes(
            QueueUrl=deployment.stack.outputs["RegistrationQueueUrl"], AttributeNames=["All"]
        )["Attributes"]
        if not any(int(attributes[name]) for name in names):
            return
        time.sleep(0.5)
    pytest.fail(f"somebody still waits after {WAIT_S:.0f} s")
