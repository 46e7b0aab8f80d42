"""The benchmark, small: it counts what its tables say. `make bench` measures speed."""

from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from bench.throughput.chart import draw
from bench.throughput.plan import SCENARIOS, everything, measure
from bench.throughput.results import Result
from bench.throughput.scenarios import Scenario
from bench.throughput.subjects import OURS, PEERS, SUBJECTS
from bench.throughput.table import table
from bench.throughput.targets import evaluate

BUSY = Scenario("busy", 600, 0.7, 3)
QUIET = Scenario("quiet", 20, 20.0, trickle=True)


@cache
def run(scenario: Scenario, subject: str) -> Result:
    """Run it once for all tests."""
    return measure(scenario, SUBJECTS[subject])


def test_our_consumer_gets_no_429_and_registers_every_registrant_once() -> None:
    found = run(BUSY, "ours")
    assert (found.lost, found.doubled, found.refused) == (0, 0, 0)
    assert found.ideal_calls <= found.calls <= 2 * found.ideal_calls
    # Messages in flight: no more than were sent, no fewer than one receive returns.
    assert 10 <= found.in_flight <= BUSY.registrants
    # One write unit and half a read unit per registrant; the counter in AccountTable takes a few more.
    assert found.bill.read_units == pytest.approx(300, abs=5)
    assert found.bill.write_units == pytest.approx(600, abs=15)


def test_a_quiet_queue_takes_at_most_one_call_per_form() -> None:
    found = run(QUIET, "ours")
    assert (found.lost, found.doubled, found.refused) == (0, 0, 0)
    assert found.calls <= QUIET.registrants


@pytest.mark.parametrize("peer", [peer.name for peer in PEERS if peer.name != "naive"])
def test_a_peer_registers_every_registrant(peer: str) -> None:
    found = run(BUSY, peer)
    assert (found.lost, found.doubled, found.refused) == (0, 0, 0)
    assert found.calls >= found.ideal_calls
    assert found.bill.write_units == BUSY.registrants


def test_a_peer_of_single_calls_makes_one_per_message() -> None:
    assert run(BUSY, "tuned").calls == BUSY.registrants


def test_a_peer_without_a_limiter_gets_429s() -> None:
    found = run(BUSY, "naive")
    assert found.refused > 0
    assert found.calls == found.refused + found.registrants - found.lost


def test_the_same_run_has_the_same_result() -> None:
    small = BUSY.of(120)
    first, again = (replace(measure(small, OURS), real_seconds=0.0) for _ in range(2))
    assert first == again


def test_every_planned_run_has_a_scenario_and_a_subject() -> None:
    planned = everything()
    assert len(planned) == len(set(planned))
    assert {one.scenario for one in planned} == SCENARIOS.keys()
    assert {one.subject for one in planned} == SUBJECTS.keys()


def test_a_missed_target_is_reported() -> None:
    found = replace(run(BUSY, "ours"), scenario="busy-1", drain=0.974, refused=1)
    targets = {target.what: target for target in evaluate({("busy-1", "ours"): found}, [found])}
    assert str(targets["busy-1, share of the ceiling while there is a backlog"]).startswith("MISSED")
    assert not targets["429s, all runs"].met
    assert targets["lost, all runs"].met


def test_table_and_chart_show_every_run() -> None:
    runs = [run(BUSY, name) for name in ("ours", "script")] + [run(QUIET, "ours")]
    output = table(runs, {"busy": BUSY.registrants, "quiet": QUIET.registrants})
    assert [output.count(label) for label in ("our consumer", "batch script", "busy:", "quiet:")] == [2, 1, 1, 1]
    assert max(map(len, output.splitlines())) <= 120
    drawn = ElementTree.fromstring(draw(runs))
    assert sum("our consumer" in (text.text or "") for text in drawn.iter("{http://www.w3.org/2000/svg}text")) == 2
