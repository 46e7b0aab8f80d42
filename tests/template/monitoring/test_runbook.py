"""The runbook has an entry with a command for each alarm and each reason, and no others."""

import re
import subprocess
from functools import reduce
from typing import Any

import pytest
from registrar.observability.metrics import Metric
from registrar.registrants.reasons import Reason

from tests.template.cloudformation import ROOT, Template

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"\*\*Impact:\*\* (?P<meaning>.+?)\n\*\*Action:\*\* (?P<action>.+?)\n```sh\n(?P<command>.+?)```\s*", re.DOTALL
)


def entries(chapter: str, text: str = RUNBOOK) -> dict[str, str]:
    """Return the entries of a chapter by their headings."""
    content = text.split(f"\n## {chapter}\n", 1)[1].split("\n## ", 1)[0]
    parts = re.split(r"^### (.+)\n", content, flags=re.MULTILINE)[1:]
    assert len(parts[::2]) == len(set(parts[::2])), "a duplicate entry"
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_each_alarm_has_its_entry(template: Template) -> None:
    assert sorted(entries("Alarms")) == sorted(template.of_type("AWS::CloudWatch::Alarm"))


def test_each_reason_has_its_entry() -> None:
    assert sorted(entries("Reasons")) == sorted(Reason)


ENTRIES = {name: text for chapter in ("Alarms", "Deployments", "Reasons") for name, text in entries(chapter).items()}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_has_a_meaning_an_action_and_a_command(name: str) -> None:
    found = ENTRY.fullmatch(ENTRIES[name])

    assert found is not None
    assert all(len(found[part]) > 5 for part in ("meaning", "action", "command"))


def test_each_metric_is_listed_with_its_unit_and_its_service() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\w-]+) \| .{10,} \|$", RUNBOOK, re.MULTILINE)

    assert rows == [(metric.title, metric.unit.value, str(metric.service)) for metric in Metric]


def test_each_link_within_the_runbook_has_a_target() -> None:
    anchors = {heading.lower() for heading in re.findall(r"^#+ (\S+)$", RUNBOOK, re.MULTILINE)}

    assert set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK)) <= anchors


def test_the_commands_are_valid_shell_and_use_the_defined_functions() -> None:
    first, *others = re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL)
    defined = set(re.findall(r"^(\w+)\(\)", first, re.MULTILINE))

    for block in (first, *others):
        subprocess.run(["sh", "-n"], input=block, encoding="utf-8", check=True)
    used = {line.split()[0] for block in others for line in block.splitlines() if re.match(r"[a-z_]+( |$)", line)}
    assert used <= defined | {"aws", "registrar", "sam"}
    assert defined <= used | {"physical", "queue_arn", "mapping"}
    assert re.findall(r"^\| `([a-z_]+)` \|", RUNBOOK, re.MULTILINE) == list(
        re.findall(r"^(\w+)\(\)", first, re.MULTILINE)
    )


def test_the_commands_name_resources_of_the_template(template: Template) -> None:
    groups = re.findall(r"^log_(?:lines|errors) (\w+)", RUNBOOK, re.MULTILINE)
    named = set(re.findall(r"physical (\w+)", RUNBOOK)) | {f"{group}LogGroup" for group in groups}
    assert named <= template.resources.keys()
    parameters = re.findall(r"^registrar configure (\w+)=", RUNBOOK, re.MULTILINE)
    assert parameters
    assert set(parameters) <= template.parameters.keys()
    outputs = re.findall(r"\$([A-Z]\w+(?:Url|Arn|Name))", RUNBOOK)
    assert set(outputs) <= template.outputs.keys()


def finds(pattern: str, line: dict[str, Any]) -> bool:
    """Return whether a filter pattern of terms joined by `||` finds a log line."""
    terms = re.findall(r'\$\.([\w.]+) = "(\w+)"', pattern)
    assert pattern == "{ " + " || ".join(f'$.{path} = "{value}"' for path, value in terms) + " }"
    return any(reduce(lambda part, key: part.get(key, {}), path.split("."), line) == value for path, value in terms)


@pytest.mark.parametrize(
    ("line", "is_error"),
    [
        ({"level": "ERROR", "message": "AWS call failed"}, True),
        ({"log_level": "ERROR", "errorType": "SettingError"}, True),  # Lambda's own, until awslambdaric 4.0.4
        ({"type": "platform.report", "record": {"status": "timeout"}}, True),  # no line says "Task timed out" any more
        ({"type": "platform.report", "record": {"status": "error", "errorType": "Runtime.ExitError"}}, True),
        ({"type": "platform.report", "record": {"status": "failure"}}, True),
        ({"type": "platform.report", "record": {"status": "success"}}, False),
        ({"level": "WARNING", "message": "Deferred"}, False),
    ],
)
def test_errors_timeouts_and_crashes_are_found_in_the_logs(line: dict[str, Any], is_error: bool) -> None:
    (pattern,) = re.findall(r"^log_errors\(\) \{\n  log_lines \"\$1\" '(.+)'; \}$", RUNBOOK, re.MULTILINE)

    assert finds(pattern, line) is is_error


def test_reading_dead_letters_leaves_them_visible_for_the_redrive_that_follows() -> None:
    receives = re.findall(r"aws sqs receive-message (?:.*\\\n)*.*", RUNBOOK)

    assert len(receives) == 1
    assert "--visibility-timeout 0 " in receives[0]


def test_these_checks_can_fail() -> None:
    text = "\n## Alarms\n### A\n**Impact:** x.\n**Action:** y.\n\n### A\n"
    with pytest.raises(AssertionError, match="duplicate"):
        entries("Alarms", text)
    assert ENTRY.fullmatch("**Impact:** they wait.\n**Action:** nothing.\n") is None
