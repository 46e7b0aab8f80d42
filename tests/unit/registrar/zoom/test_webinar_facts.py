"""Facts are read back as they were written, also by an older version than the one that wrote them."""

from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

FACTS = WebinarFacts(
    webinar_id="97871060099",
    occurrences=(Occurrence("1", "2026-12-01T15:00:00Z"),),
    questions=(Question("single", False, title="Which size?", answers=("S", "L")),),
)


def test_attributes_that_a_later_version_adds_are_ignored_everywhere() -> None:
    """Else a deployment, or one that is rolled back, would break every page of a webinar whose row is newer."""
    written = FACTS.to_attributes()
    for one in (written, *written["occurrences"], *written["questions"]):
        one["added_later"] = "x"
    assert WebinarFacts.from_attributes(written) == FACTS
