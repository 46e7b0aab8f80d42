"""Which reasons are true of a registrant: at the age limit those of a deferral, if Zoom never accepts them."""

import random

import pytest

from local.fake_zoom.account import Account
from tests.chaos.workload.ground_truth import AGE_LIMIT_S, TEMPORARY, GroundTruth
from tests.chaos.workload.submissions import MessageKind, Producers, Submission, Validity
from tests.chaos.workload.webinars import Kind, Plan
from tests.fakes import VirtualClock
from tests.unit.chaos.records import ADA, NOON


def truth(validity: Validity, kind: Kind, age_s: float) -> GroundTruth:
    """Return what is true of one registrant so long after their submission."""
    plan = Plan(ADA[0], kind, 1.0, NOON + 1e9)
    producers = Producers(random.Random(0), 0, [plan], NOON, 1.0)
    producers.submissions = [Submission(NOON, "body", None, MessageKind.REGISTRANT, ADA)]
    producers.validity = {ADA: validity}
    return GroundTruth(Account(VirtualClock(NOON + age_s)), [plan], producers)


@pytest.mark.parametrize("reason", sorted(TEMPORARY))
@pytest.mark.parametrize(
    ("validity", "age_s", "is_true"),
    [
        (Validity.VALID, AGE_LIMIT_S + 1, False),
        (Validity.BAD_DATA, AGE_LIMIT_S - 1, False),
        (Validity.BAD_DATA, AGE_LIMIT_S + 1, True),
    ],
)
def test_only_at_the_age_limit_and_never_for_a_valid_registrant(
    reason: str, validity: Validity, age_s: float, is_true: bool
) -> None:
    assert truth(validity, Kind.OPEN, age_s).is_true(ADA, reason) is is_true


def test_a_webinar_whose_calls_have_no_response_is_unavailable_at_any_age() -> None:
    assert truth(Validity.VALID, Kind.SILENT, 1.0).is_true(ADA, "zoom_unavailable")
