"""docs/data.md and SECURITY.md name every store of the template, and its numbers."""

import pytest

from tests.docs.documents import read
from tests.template.cloudformation import TEXT, Template

DATA, SECURITY = read("docs/data.md"), read("SECURITY.md")
STORES = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret")
DAY = 86_400  # seconds


def not_named(text: str, template: Template) -> list[str]:
    """Return the template's stores for which the table has no row."""
    rows = "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("|"))
    return [name for kind in STORES for name in template.of_type(kind) if f"`{name}`" not in rows]


def test_every_store_has_a_row() -> None:
    assert not_named(DATA, Template(TEXT)) == []


@pytest.mark.parametrize("name", ["DeadLetterQueue", "AccountTable", "ZoomTokenSecret"])
def test_this_check_can_fail(name: str) -> None:
    assert not_named(DATA.replace(f"`{name}`", "`Other`"), Template(TEXT)) == [name]


def test_the_periods_are_those_of_the_template() -> None:
    template = Template(TEXT)
    for parameter in ("RecordRetentionDays", "LogRetentionDays"):
        assert f"`{parameter}` ({template.parameters[parameter]['Default']})" in DATA
    for queue in template.of_type("AWS::SQS::Queue").values():
        assert f"at most {queue['MessageRetentionPeriod'] // DAY} days" in DATA


def test_the_throttles_are_those_of_the_template() -> None:
    api = Template(TEXT).properties("SubmissionApi")
    rate, burst = (
        api["DefaultRouteSettings"]["ThrottlingRateLimit"],
        api["DefaultRouteSettings"]["ThrottlingBurstLimit"],
    )
    webhooks = api["RouteSettings"]["POST /forms/{form_id}"]["ThrottlingRateLimit"]
    assert f"{rate} requests per second, bursts of {burst:,}, on each route, and {webhooks} per second" in SECURITY
