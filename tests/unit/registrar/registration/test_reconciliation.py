"""Zoom's list of registrants, page by page; one listing a webinar, begun late enough."""

from collections.abc import Sequence

import pytest
from registrar.registrants.reasons import Reason
from registrar.registration.calling import Caller
from registrar.registration.reconciliation import Reconciliation
from registrar.zoom.client import CallInfo, Confirmation, ErrorResponse, Page
from registrar.zoom.errors import ErrorKind, Scope

from tests.consumer import WEBINAR
from tests.fakes import VirtualClock
from tests.fakes.simulation import SimulatedClock
from tests.unit.registrar.samples import NOON

ADA, EVE, IDA = "ada@example.com", "eve@example.com", "ida@example.com"
AWAY = ErrorResponse(CallInfo(502), ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT))
NO_SCOPE = ErrorResponse(CallInfo(400), ErrorKind(Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False))
EMPTY = ([],)


def in_(url: str | None = "https://zoom.us/w/1") -> Confirmation:
    return Confirmation(url, "r1")


class Lists(Caller):
    """A Zoom whose lists are scripted: by status, the people of each page; a refusal in the place of a page."""

    def __init__(
        self,
        approved: Sequence[object] = EMPTY,
        pending: Sequence[object] = EMPTY,
        clock: VirtualClock | None = None,
    ) -> None:
        self.clock = clock or VirtualClock(NOON)
        self.lists = {"approved": list(approved), "pending": list(pending)}
        self.listed: list[tuple[str, str]] = []

    def list_registrants(self, webinar_id: str, status: str, page: str) -> Page | ErrorResponse:
        assert webinar_id == WEBINAR
        self.listed.append((status, page))
        self.clock.sleep(1)
        number = int(page.removeprefix(f"{status}-") or 0)
        content = self.lists[status][number]
        if isinstance(content, ErrorResponse):
            return content
        assert isinstance(content, list)
        last = number == len(self.lists[status]) - 1
        return Page(CallInfo(200), dict(content), "" if last else f"{status}-{number + 1}")


def reconciliation(lists: Lists) -> Reconciliation:
    return Reconciliation(lists, lists.clock, lists.clock.sleep)


@pytest.mark.parametrize("refusal", [AWAY, NO_SCOPE])
@pytest.mark.parametrize(
    ("approved", "pending"), [(EMPTY, ["here"]), (["here"], EMPTY), ([[(ADA, in_())], "here"], EMPTY)]
)
def test_a_page_that_is_refused_tells_nothing_of_anybody(
    refusal: ErrorResponse, approved: list[object], pending: list[object]
) -> None:
    lists = Lists(*([refusal if one == "here" else one for one in pages] for pages in (approved, pending)))
    assert reconciliation(lists).find(WEBINAR, [ADA], NOON) is refusal


def test_a_refusal_is_asked_again_but_not_a_missing_scope() -> None:
    lists = Lists(pending=[AWAY])
    found = reconciliation(lists)
    found.find(WEBINAR, [ADA], 0)
    found.find(WEBINAR, [ADA], 0)
    assert len(lists.listed) == 2
    lists.lists["pending"] = [NO_SCOPE]
    found.find(WEBINAR, [ADA], 0)
    assert found.find(WEBINAR, [ADA], 0) is NO_SCOPE
    assert len(lists.listed) == 3


def test_every_page_of_both_lists_is_read() -> None:
    lists = Lists(approved=[[(ADA, in_("https://a"))], [], [(EVE, in_("https://e"))]], pending=[[], [(IDA, in_(None))]])
    assert reconciliation(lists).find(WEBINAR, [ADA, EVE, IDA, "nobody@example.com"], 0) == {
        ADA: in_("https://a"),
        EVE: in_("https://e"),
        IDA: in_(None),
    }
    assert lists.listed == [
        ("pending", ""),
        ("pending", "pending-1"),
        ("approved", ""),
        ("approved", "approved-1"),
        ("approved", "approved-2"),
    ]


def test_only_those_who_are_asked_about_are_told() -> None:
    lists = Lists(approved=[[(ADA, in_()), (EVE, in_())]])
    assert reconciliation(lists).find(WEBINAR, [EVE], 0) == {EVE: in_()}


def test_who_awaits_approval_has_no_join_url_whatever_the_list_says() -> None:
    assert reconciliation(Lists(pending=[[(ADA, in_("https://early"))]])).find(WEBINAR, [ADA], 0) == {ADA: in_(None)}


def test_who_is_approved_between_the_two_lists_is_approved() -> None:
    lists = Lists(pending=[[(ADA, in_(None))]], approved=[[(ADA, in_("https://a"))]])
    assert reconciliation(lists).find(WEBINAR, [ADA], 0) == {ADA: in_("https://a")}


@pytest.mark.parametrize(("not_before", "listings"), [(0, 1), (NOON, 1), (NOON + 0.5, 2), (NOON + 2, 2)])
def test_one_listing_serves_all_that_it_is_not_too_old_for(not_before: float, listings: int) -> None:
    lists = Lists(approved=[[(ADA, in_())]])
    found = reconciliation(lists)
    found.find(WEBINAR, [ADA], NOON)
    found.find(WEBINAR, [EVE], not_before)
    assert len(lists.listed) == 2 * listings


@pytest.mark.parametrize("later", [True, False])
def test_two_who_ask_at_the_same_time_share_one_listing_unless_it_is_too_old(later: bool) -> None:
    turns = SimulatedClock(NOON, seed=1)
    lists = Lists(approved=[[(ADA, in_())]], clock=turns)
    asked, found = reconciliation(lists), []

    def ask(after: float, not_before: float) -> None:
        turns.sleep(after)
        found.append(asked.find(WEBINAR, [ADA], NOON + not_before))

    turns.run({"one": lambda: ask(0, 0), "other": lambda: ask(0.5, 0.5 if later else 0)})
    assert found == [{ADA: in_()}] * 2
    assert len(lists.listed) == (4 if later else 2)
