"""A part of the chaos run (tests/chaos) on the deployed stack: Zoom's faults, invalid registrants, duplicates."""

import json
import random
from collections import Counter

from tests.stack.conftest import Deployment

SEED = 1
WAIT_SECONDS = 240.0  # far longer than several deferrals

OPEN, STRICT, UNKNOWN = 80, 40, 10  # registrants
INVALID = 3  # in the strict webinar, which blocks their e-mail domain
DUPLICATES = 20  # submissions in the open webinar
FAULTS = (
    {"kind": "html_502", "processed": "yes"},
    {"kind": "reset", "processed": "no"},
    {"kind": "rate_limit", "limit": "concurrent"},
    {"kind": "rate_limit", "limit": "per_second"},
)  # Two of them cost an attempt, which leaves one for today.


def test_despite_faults_every_registrant_has_the_expected_outcome(deployment: Deployment) -> None:
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

    deployment.wait_until_queue_is_empty(WAIT_SECONDS)

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
    """Queue a message per registrant, and duplicates for some, in random order; return bodies and keys.

    The strict webinar has no duplicates: isolation in two environments at once would use up their attempts.
    """
    rng = random.Random(SEED)
    forms = [(email, (webinar, email)) for webinar, email in registrants]
    forms += [(key[1].upper(), key) for key in rng.sample(registrants[:OPEN], DUPLICATES)]
    rng.shuffle(forms)
    bodies = [(json.dumps({"webinar_id": key[0], "email": email, "first_name": "Ada"}), key) for email, key in forms]
    for body, (webinar, _) in bodies:
        deployment.send(body, MessageGroupId=webinar)
    return bodies
