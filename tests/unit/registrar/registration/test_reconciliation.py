"""`RegistrantListings`: it reads Zoom's lists page by page, and shares one listing per webinar if recent enough."""

from collections.abc import Sequence

import pytest
from registrar.registrants.reasons import Reason
from registrar.registration.calling import Caller
from registrar.registration.reconciliation import RegistrantListings
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import CallInfo, Confirmation, ErrorResponse, Page

from tests.consumer import WEBINAR
from tests.fakes import VirtualClock
from tests.fakes.simulation import SimulatedClock
from tests.unit.registrar.samples import NOON

ADA, EVE, IDA = "ada@example.com", "eve@example.com", "ida@example.com"
UNAVAILABLE = ErrorResponse(CallInfo(502), ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT))
NO_SCOPE = ErrorResponse(CallInfo(400), ErrorKind(Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False))
EMPTY = ([],)


def confirmed(url: str | None = "https://zoom.us/w/1") -> Confirmation:
    return Confirmation(url, "r1")


class ScriptedLists(Caller):
    """Zoom with scripted lists: per status, the registrants of each page, or an error in place of a page."""

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


def reconciliation_of(lists: ScriptedLists) -> RegistrantListings:
    return RegistrantListings(lists, lists.clock, lists.clock.sleep)


@pytest.mark.parametrize("error_response", [UNAVAILABLE, NO_SCOPE])
@pytest.mark.parametrize(
    ("approved", "pending"), [(EMPTY, ["here"]), (["here"], EMPTY), ([[(ADA, confirmed())], "here"], EMPTY)]
)
def test_a_refused_page_makes_the_whole_result_an_error(
    error_response: ErrorResponse, approved: list[object], pending: list[object]
) -> None:
    lists = ScriptedLists(
        *([error_response if one == "here" else one for one in pages] for pages in (approved, pending))
    )
    assert reconciliation_of(lists).find(WEBINAR, [ADA], NOON) is error_response


def test_a_failed_listing_is_repeated_unless_a_scope_is_missing() -> None:
    lists = ScriptedLists(pending=[UNAVAILABLE])
    reconciliation = reconciliation_of(lists)
    reconciliation.find(WEBINAR, [ADA], 0)
    reconciliation.find(WEBINAR, [ADA], 0)
    assert len(lists.listed) == 2
    lists.lists["pending"] = [NO_SCOPE]
    reconciliation.find(WEBINAR, [ADA], 0)
    assert reconciliation.find(WEBINAR, [ADA], 0) is NO_SCOPE
    assert len(lists.listed) == 3


def test_every_page_of_both_lists_is_read() -> None:
    lists = ScriptedLists(
        approved=[[(ADA, confirmed("https://a"))], [], [(EVE, confirmed("https://e"))]],
        pending=[[], [(IDA, confirmed(None))]],
    )
    assert reconciliation_of(lists).find(WEBINAR, [ADA, EVE, IDA, "unknown@example.com"], 0) == {
        ADA: confirmed("https://a"),
        EVE: confirmed("https://e"),
        IDA: confirmed(None),
    }
    assert lists.listed == [
        ("pending", ""),
        ("pending", "pending-1"),
        ("approved", ""),
        ("approved", "approved-1"),
        ("approved", "approved-2"),
    ]


def test_only_requested_registrants_are_returned() -> None:
    lists = ScriptedLists(approved=[[(ADA, confirmed()), (EVE, confirmed())]])
    assert reconciliation_of(lists).find(WEBINAR, [EVE], 0) == {EVE: confirmed()}


def test_a_pending_registrant_has_no_join_url_even_if_the_list_holds_one() -> None:
    assert reconciliation_of(ScriptedLists(pending=[[(ADA, confirmed("https://early"))]])).find(WEBINAR, [ADA], 0) == {
        ADA: confirmed(None)
    }


def test_approval_between_the_two_lists_counts() -> None:
    lists = ScriptedLists(pending=[[(ADA, confirmed(None))]], approved=[[(ADA, confirmed("https://a"))]])
    assert reconciliation_of(lists).find(WEBINAR, [ADA], 0) == {ADA: confirmed("https://a")}


@pytest.mark.parametrize(("not_before", "listings"), [(0, 1), (NOON, 1), (NOON + 0.5, 2), (NOON + 2, 2)])
def test_a_listing_is_reused_unless_it_is_too_old(not_before: float, listings: int) -> None:
    lists = ScriptedLists(approved=[[(ADA, confirmed())]])
    reconciliation = reconciliation_of(lists)
    reconciliation.find(WEBINAR, [ADA], NOON)
    reconciliation.find(WEBINAR, [EVE], not_before)
    assert len(lists.listed) == 2 * listings


@pytest.mark.parametrize("later", [True, False])
def test_concurrent_queries_share_one_listing_unless_it_is_too_old(later: bool) -> None:
    clock = SimulatedClock(NOON, seed=1)
    lists = ScriptedLists(approved=[[(ADA, confirmed())]], clock=clock)
    reconciliation, found = reconciliation_of(lists), []

    def query(after: float, not_before: float) -> None:
        clock.sleep(after)
        found.append(reconciliation.find(WEBINAR, [ADA], NOON + not_before))

    clock.run({"one": lambda: query(0, 0), "other": lambda: query(0.5, 0.5 if later else 0)})
    assert found == [{ADA: confirmed()}] * 2
    assert len(lists.listed) == (4 if later else 2)
