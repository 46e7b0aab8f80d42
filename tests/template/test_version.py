"""The version has one source, registrar_cli/terminal/version.py; all places that show it agree with it.

The stack output is compared in test_contract_names.py, with all other outputs.
"""

import re
import tomllib

from registrar_cli.terminal import version

from tests.template.cloudformation import ROOT

SEMANTIC = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)


def released() -> list[re.Match[str]]:
    """Return the headings of released versions, newest first; [Unreleased] may stand above them."""
    headings = HEADINGS[1:] if HEADINGS[0] == "[Unreleased]" else HEADINGS
    found = [re.fullmatch(rf"\[{SEMANTIC}\] - (\d{{4}}-\d{{2}}-\d{{2}})", heading) for heading in headings]
    assert all(found), headings
    return [heading for heading in found if heading]


def test_the_changelogs_newest_version_is_the_version() -> None:
    assert ".".join(released()[0].groups()[:3]) == version.__version__


def test_the_changelog_is_ordered_newest_first() -> None:
    numbers = [tuple(map(int, heading.groups()[:3])) for heading in released()]
    dates = [heading[4] for heading in released()]

    assert numbers == sorted(set(numbers), reverse=True)
    assert dates == sorted(dates, reverse=True)


def test_the_wheel_takes_its_version_from_the_same_place() -> None:
    project = tomllib.loads((ROOT / "cli" / "pyproject.toml").read_text(encoding="utf-8"))

    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert (ROOT / "cli" / project["tool"]["hatch"]["version"]["path"]).samefile(version.__file__)
