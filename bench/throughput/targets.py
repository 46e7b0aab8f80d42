"""The targets, each met or missed. Ratios are compared as printed, with two decimals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.throughput.results import Result

# Minimum share of the ceiling, maximum calls ÷ ideal.
BUSY = {"busy-1": (0.98, 1.00), "busy-10": (0.97, 1.02), "busy-200": (0.93, 1.05)}
ONE_PARTITION = 0.97
FASTER_THAN = {"tuned": 9.0, "script": 6.0}
DOLLARS_PER_MILLION = 1.30
P50_S, P99_S = 0.7, 1.5
# Two environments with 5,000 waiting registrants each; those in calls, receives and deletions: two seconds
# of the ceiling; and three pollers with a prefetched batch each.
MAX_WAITING, IN_PROGRESS_S, PREFETCHED = 2 * 5_000, 2.0, 3 * 10

# Results of the usual model in virtual time, by scenario and subject.
Usual = Mapping[tuple[str, str], Result]


@dataclass(frozen=True)
class Target:
    """One target and whether it was met."""

    what: str
    found: float
    wanted: str
    met: bool

    def __str__(self) -> str:
        return f"{'met   ' if self.met else 'MISSED'}  {self.what}: {self.found:,.2f} ({self.wanted})"


def evaluate(usual: Usual, all_of_ours: list[Result]) -> list[Target]:
    """Return the targets of the scenarios that were run."""
    return [*_busy(usual), *_faster(usual), *_quiet_queue(usual), *_always(all_of_ours)]


def _busy(usual: Usual) -> Iterator[Target]:
    for name, (share, calls) in BUSY.items():
        found = usual.get((name, "ours"))
        if found is None:
            continue
        yield _at_least(f"{name}, share of the ceiling while there is a backlog", found.drain or 0.0, share)
        yield _at_most(f"{name}, calls ÷ ideal", found.calls_by_ideal, calls)
        yield _at_most(f"{name}, dollars per million", found.dollars_per_million, DOLLARS_PER_MILLION)
    found = usual.get(("busy-1-at-40", "ours"))
    if found is not None:
        share = found.drain or 0.0
        yield _at_least(
            f"{found.scenario}, share of the partition's limit while there is a backlog", share, ONE_PARTITION
        )


def _faster(usual: Usual) -> Iterator[Target]:
    for peer, times in FASTER_THAN.items():
        ours, theirs = usual.get(("busy-1", "ours")), usual.get(("busy-1", peer))
        if ours and theirs:
            yield _at_least(f"busy-1, speed ÷ {theirs.label}", ours.speed / theirs.speed, times)


def _quiet_queue(usual: Usual) -> Iterator[Target]:
    found = usual.get(("quiet", "ours"))
    if found is not None:
        yield _at_most("quiet, form to join URL, p50 s", found.p50_s, P50_S)
        yield _at_most("quiet, form to join URL, p99 s", found.p99_s, P99_S)


def _always(ours: list[Result]) -> Iterator[Target]:
    if ours:
        yield _at_most("429s, all runs", sum(run.refused for run in ours), 0)
        yield _at_most("lost, all runs", sum(run.lost for run in ours), 0)
        yield _at_most("doubled, all runs", sum(run.doubled for run in ours), 0)
        fullest = max(ours, key=lambda run: run.in_flight - _max_in_flight(run))
        yield _at_most(f"in flight, {fullest.scenario}", fullest.in_flight, _max_in_flight(fullest))


def _max_in_flight(run: Result) -> float:
    return MAX_WAITING + IN_PROGRESS_S * run.ceiling + PREFETCHED


def _at_least(what: str, found: float, wanted: float) -> Target:
    return Target(what, found, f"at least {wanted:.2f}", round(found, 2) >= wanted)


def _at_most(what: str, found: float, wanted: float) -> Target:
    return Target(what, found, f"at most {wanted:,.2f}", round(found, 2) <= wanted)
