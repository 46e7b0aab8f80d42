"""Import: repeated, killed; then list and export in the order of the file."""

import csv
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.stack.cli.conftest import REGISTRAR, Run, csv_file, registered
from tests.stack.conftest import Deployment, eventually

REGISTRANTS = 2_000  # enough that the import can be killed while it runs


def test_import_list_and_export_in_the_order_of_the_file(
    deployment: Deployment, run: Run, run_json: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    emails = ["zoe@example.com", "ada@example.com", "wrong@@example.com"]
    file = csv_file(tmp_path / "people.csv", *emails, encoding="cp1252")
    command = ["import", str(file), "--webinar", webinar_id]

    assert "--encoding cp1252" in " ".join(run(*command, code=2).stderr.split())
    result = run_json(*command, "--encoding", "cp1252", code=3)

    assert (result["queued"], result["encoding"], result["delimiter"]) == (2, "cp1252", ";")
    assert [reject["line"] for reject in result["rejects"]] == [4]
    assert "wrong@@example.com" in (tmp_path / "people.rejects.csv").read_text(encoding="utf-8-sig")
    registered(deployment, webinar_id, "zoe@example.com", "ada@example.com")
    assert run_json("list", webinar_id)["sums"] == {"registered": 2}
    run("export", webinar_id, "-o", "out.csv", "--like", str(file))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as exported:
        rows = list(csv.DictReader(exported, delimiter=";"))  # that of the file it follows
    assert [row["email"] for row in rows] == ["zoe@example.com", "ada@example.com"]
    assert all(row["join_url"].startswith("https://") and row["last_name"] == "Müller" for row in rows)


def test_a_repeated_import_sends_no_message(
    deployment: Deployment, run_json: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    run_json("pause")
    file = csv_file(tmp_path / "people.csv", "ada@example.com", "eve@example.com")
    try:
        assert run_json("import", str(file), "-w", webinar_id, "--dry-run")["would_be_queued"] == 2
        assert run_json("import", str(file), "-w", webinar_id)["queued"] == 2
        assert run_json("import", str(file), "-w", webinar_id)["queued"] == 0
    finally:
        assert run_json("resume")["mapping"] == "Enabled"
    registered(deployment, webinar_id, "ada@example.com", "eve@example.com")
    assert run_json("import", str(file), "-w", webinar_id)["left_out"] == {"already registered": 2}


def test_a_killed_import_continues_where_it_stopped(
    deployment: Deployment, environment: dict[str, str], run_json: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    file = csv_file(tmp_path / "people.csv", *(f"person{n}@example.com" for n in range(REGISTRANTS)))
    command: list[str | Path] = [REGISTRAR, "import", str(file), "-w", webinar_id, "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as killed:
        eventually(lambda: queued(environment) or None)
        killed.send_signal(signal.SIGKILL)
    before = queued(environment)

    result = run_json("import", str(file), "-w", webinar_id)

    assert 0 < before < REGISTRANTS
    assert before + result["queued"] + result["left_out"].get("already registered", 0) >= REGISTRANTS
    eventually(lambda: run_json("list", webinar_id)["sums"].get("registered") == REGISTRANTS or None)
    assert len(deployment.zoom.registrants(webinar_id)) == REGISTRANTS
    # A message that was sent but not recorded is sent twice; two environments may process both at the same moment.
    assert max(one.attempts for one in deployment.zoom.attempts() if one.webinar == webinar_id) <= 2


def queued(environment: dict[str, str]) -> int:
    """Count the registrants in the journal."""
    journals = Path(environment["XDG_STATE_HOME"]).glob("registrar/queued-*")
    return sum(len(journal.read_text(encoding="utf-8").splitlines()) for journal in journals)
