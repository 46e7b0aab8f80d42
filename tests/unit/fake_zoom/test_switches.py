"""Zoom's undocumented behaviour: each switch of the fake has its effect."""

import inspect
from dataclasses import fields

import pytest

from local.fake_zoom.fields import NotAllowedError
from local.fake_zoom.switches import Switches
from tests.unit.fake_zoom.caller import WEBINAR, Caller

ADA, GRACE, MARY = "Ada@example.com", "grace@example.com", "mary@example.com"
BAD = "bad@example.com"


@pytest.fixture
def with_bad(zoom: Caller) -> Caller:
    zoom.account.set_webinar(WEBINAR, refused_emails=[BAD])
    return zoom


def test_unknown_switches_and_values_are_refused_with_the_reason(zoom: Caller) -> None:
    with pytest.raises(NotAllowedError, match="Switches has no 'bad_items'; it has: bad_item, "):
        zoom.account.set_switches(bad_items="left_out")
    with pytest.raises(NotAllowedError, match="'last_seats' cannot be 'some'; allowed: 'all_refused'"):
        zoom.account.set_switches(last_seats="some")
    with pytest.raises(NotAllowedError, match="'success_status' cannot be True"):
        zoom.account.set_switches(success_status=True)


def test_the_docstring_describes_every_switch() -> None:
    for field in fields(Switches):
        assert f"\n{field.name} " in str(inspect.getdoc(Switches))


def test_a_bad_item_refuses_the_whole_batch(with_bad: Caller) -> None:
    response = with_bad.batch(ADA, BAD)

    assert (response.status, response.code) == (400, 300)
    assert with_bad.registered() == set()


def test_a_bad_item_is_left_out(with_bad: Caller) -> None:
    with_bad.account.set_switches(bad_item="left_out")

    response = with_bad.batch(ADA, BAD, GRACE)

    assert response.emails == [ADA, GRACE]
    assert with_bad.registered() == {ADA, GRACE}


@pytest.mark.parametrize(
    ("naming", "field"),
    [
        ("by_index_in_brackets", "registrants[1].email"),
        ("by_index_with_dots", "registrants.1.email"),
        ("by_index_from_one", "registrants[2].email"),
        ("by_wrong_index", "registrants[2].email"),
        ("by_email", "email"),
        ("by_field_only", "email"),
    ],
)
def test_a_bad_item_is_named_in_the_errors(with_bad: Caller, naming: str, field: str) -> None:
    with_bad.account.set_switches(bad_item_named=naming)

    (error,) = with_bad.batch(ADA, BAD, GRACE).content["errors"]

    assert error["field"] == field
    assert (BAD in error["message"]) == (naming == "by_email")


def test_the_wrong_index_of_the_last_is_the_first(with_bad: Caller) -> None:
    with_bad.account.set_switches(bad_item_named="by_wrong_index")

    assert with_bad.batch(ADA, BAD).content["errors"][0]["field"] == "registrants[0].email"


@pytest.mark.parametrize("naming", ["by_email_in_message", "not_named"])
def test_a_bad_item_is_named_in_the_message_or_nowhere(with_bad: Caller, naming: str) -> None:
    with_bad.account.set_switches(bad_item_named=naming)

    response = with_bad.batch(ADA, BAD)

    assert "errors" not in response.content
    assert (BAD in response.content["message"]) == (naming == "by_email_in_message")


def test_every_bad_item_is_named(with_bad: Caller) -> None:
    errors = with_bad.batch(BAD, ADA, "not an e-mail").content["errors"]

    assert [error["field"] for error in errors] == ["registrants[0].email", "registrants[2].email"]


@pytest.mark.parametrize(
    ("properties", "switch"),
    [({"host_email": BAD}, "host_in_batch"), ({"blocked_domains": ["bad.example.com"]}, "policy_in_batch")],
)
def test_a_host_or_a_blocked_address_is_refused_or_left_out(
    zoom: Caller, properties: dict[str, object], switch: str
) -> None:
    zoom.account.set_webinar(WEBINAR, **properties)
    batch = (ADA, BAD if switch == "host_in_batch" else "x@bad.example.com")

    refused = zoom.batch(*batch)
    zoom.account.set_switches(**{switch: "left_out"})
    left_out = zoom.batch(*batch)

    assert (refused.status, "errors" in refused.content) == (400, False)
    assert left_out.emails == [ADA]


def test_the_first_reason_that_refuses_the_batch_is_reported(with_bad: Caller) -> None:
    with_bad.account.set_switches(bad_item="left_out")

    assert with_bad.batch(ADA, BAD, "host@example.com").code == 3027


@pytest.mark.parametrize(("stores", "stored"), [("nothing", set()), ("items_before_the_bad_one", {ADA, GRACE})])
def test_a_refused_batch_may_have_stored_a_part(with_bad: Caller, stores: str, stored: set[str]) -> None:
    with_bad.account.set_switches(refused_batch_stores=stores)

    assert with_bad.batch(ADA, GRACE, BAD, MARY).status == 400

    assert with_bad.registered() == stored


def test_registrants_stored_before_a_refusal_have_used_an_attempt(with_bad: Caller) -> None:
    with_bad.account.set_switches(
        refused_batch_stores="items_before_the_bad_one", refused_batch_counts="only_of_the_refused"
    )
    with_bad.account.set_limits(adds_per_registrant_and_day=1)
    with_bad.batch(ADA, BAD, MARY)

    assert with_bad.batch(ADA).status == 429
    assert with_bad.batch(BAD).status == 429
    assert with_bad.batch(MARY).status == 201


def test_duplicates_are_merged(zoom: Caller) -> None:
    assert zoom.batch(ADA, ADA.upper(), GRACE).emails == [ADA, GRACE]


def test_duplicates_are_refused(zoom: Caller) -> None:
    zoom.account.set_switches(duplicates="refused")

    response = zoom.batch(ADA, GRACE, ADA.upper())

    assert (response.status, response.content["errors"][0]["field"]) == (400, "registrants[2].email")
    assert zoom.registered() == set()


@pytest.mark.parametrize(
    ("result", "status", "stored"),
    [
        ("all_refused", 404, set()),
        ("filled_with_error", 404, {ADA, GRACE}),
        ("filled_answered", 201, {ADA, GRACE}),
    ],
)
def test_a_batch_over_the_last_seats(zoom: Caller, result: str, status: int, stored: set[str]) -> None:
    zoom.account.set_webinar(WEBINAR, capacity=2)
    zoom.account.set_switches(last_seats=result)

    response = zoom.batch(ADA, GRACE, MARY)

    assert response.status == status
    assert zoom.registered() == stored
    if status == 201:
        assert response.emails == [ADA, GRACE]


def test_a_registered_registrant_needs_no_other_seat(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, capacity=2)
    zoom.batch(ADA, GRACE)

    assert zoom.batch(ADA, GRACE).status == 201
    assert zoom.batch(ADA, MARY).status == 404


@pytest.mark.parametrize(
    ("form", "item"),
    [
        ("without_join_url", {"email": ADA}),
        ("empty_join_url", {"email": ADA, "join_url": ""}),
        ("null_join_url", {"email": ADA, "join_url": None}),
        ("no_item", None),
    ],
)
def test_the_item_of_a_pending_registrant(zoom: Caller, form: str, item: dict[str, object] | None) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1)
    zoom.account.set_switches(pending_item=form)

    items = zoom.batch(ADA).content["registrants"]

    for one in items:
        one.pop("registrant_id")
    assert items == ([] if item is None else [item])


@pytest.mark.parametrize("status", [200, 201])
def test_success_has_one_of_two_statuses(zoom: Caller, status: int) -> None:
    zoom.account.set_switches(success_status=status)

    assert zoom.batch(ADA).status == status


@pytest.mark.parametrize(
    ("order", "emails"),
    [("as_sent", [MARY, ADA, GRACE]), ("reversed", [GRACE, ADA, MARY]), ("by_email", [ADA, GRACE, MARY])],
)
def test_the_order_of_the_response_items(zoom: Caller, order: str, emails: list[str]) -> None:
    zoom.account.set_switches(answer_order=order)

    assert zoom.batch(MARY, ADA, GRACE).emails == emails


@pytest.mark.parametrize(
    ("case", "email"),
    [
        ("as_sent", "aDA@example.com"),
        ("as_first_registered", ADA),
        ("lower", "ada@example.com"),
        ("upper", "ADA@EXAMPLE.COM"),
    ],
)
def test_the_case_of_the_e_mails_in_the_response(zoom: Caller, case: str, email: str) -> None:
    zoom.account.set_switches(email_case=case)
    zoom.batch(ADA)

    assert zoom.batch("aDA@example.com").emails == [email]


@pytest.mark.parametrize(
    ("result", "status", "keys"),
    [
        ("left_out", 201, []),
        ("without_join_url", 201, [{"registrant_id", "email"}]),
        ("registered_anew", 201, [{"registrant_id", "email", "join_url"}]),
        ("refused", 400, None),
    ],
)
def test_a_denied_registrant_is_sent_again(zoom: Caller, result: str, status: int, keys: list[set[str]] | None) -> None:
    zoom.batch(ADA)
    zoom.change_status("deny", ADA)
    zoom.account.set_switches(denied_again=result)

    response = zoom.batch(ADA)

    assert response.status == status
    if keys is not None:
        assert [set(item) for item in response.content["registrants"]] == keys


@pytest.mark.parametrize(("form", "start"), [("leading_space", " https://"), ("trimmed", "https://")])
def test_the_join_url_may_begin_with_a_space(zoom: Caller, form: str, start: str) -> None:
    zoom.account.set_switches(join_url_form=form)

    assert zoom.batch(ADA).content["registrants"][0]["join_url"].startswith(start)


def test_a_repeat_is_left_out(zoom: Caller) -> None:
    zoom.batch(ADA)
    zoom.account.set_switches(repeat="left_out")

    assert zoom.batch(ADA, GRACE).emails == [GRACE]


def test_a_repeat_gets_a_fresh_join_url(zoom: Caller) -> None:
    (first,) = zoom.batch(ADA).content["registrants"]
    zoom.account.set_switches(repeat="fresh_join_url")

    (again,) = zoom.batch(ADA).content["registrants"]

    assert again["registrant_id"] == first["registrant_id"]
    assert again["join_url"] != first["join_url"]
    assert zoom.listed().content["registrants"][0]["join_url"] == again["join_url"]


@pytest.mark.parametrize("status", [200, 400])
def test_a_missing_plan_is_reported_as_400_or_200(zoom: Caller, status: int) -> None:
    zoom.account.set_webinar(WEBINAR, licensed=False)
    zoom.account.set_switches(plan_missing_status=status)

    response = zoom.batch(ADA)

    assert (response.status, response.code) == (status, 200)
    assert "registrants" not in response.content


@pytest.mark.parametrize(
    ("form", "status", "code", "words"),
    [
        ("400_3000_not_enabled", 400, 3000, "Registration not enabled"),
        ("400_3000_does_not_have", 400, 3000, "does not have registration"),
        ("400_3000_has_not_required", 400, 3000, f"This Webinar has not registration required:{WEBINAR}."),
        ("400_300_has_not_required", 400, 300, f"This meeting has not registration required: {WEBINAR}."),
        ("200_300_has_not_required", 200, 300, f"This meeting has not registration required: {WEBINAR}"),
        ("404_404", 404, 404, f"Registration has not been enabled for this meeting: {WEBINAR}."),
    ],
)
def test_the_error_for_disabled_registration(zoom: Caller, form: str, status: int, code: int, words: str) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=2)
    zoom.account.set_switches(registration_off=form)

    response = zoom.batch(ADA)

    assert (response.status, response.code) == (status, code)
    assert words in response.content["message"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("400_1010", "User does not belong to this account"),
        ("404_1001", "does not exist or does not belong to this account"),
        ("400_3161", "scheduling capabilities are not allowed"),
        ("400_3000", "Cannot access webinar info"),
        ("400_3003", "You are not the meeting host"),
    ],
)
def test_the_error_for_a_webinar_that_is_not_accessible(zoom: Caller, form: str, words: str) -> None:
    zoom.account.set_webinar(WEBINAR, accessible=False)
    zoom.account.set_switches(not_accessible=form)

    for response in (zoom.batch(ADA), zoom.single(ADA), zoom.request("GET", f"/v2/webinars/{WEBINAR}")):
        assert f"{response.status}_{response.code}" == form
        assert words in response.content["message"]


@pytest.mark.parametrize(("form", "header"), [("seconds", "1"), ("absent", None)])
def test_the_per_second_limit_may_have_a_retry_after(zoom: Caller, form: str, header: str | None) -> None:
    zoom.account.set_switches(retry_after_per_second=form)
    zoom.account.set_limits(heavy_per_second=0)

    assert zoom.batch(ADA).headers.get("Retry-After") == header


@pytest.mark.parametrize(("form", "status", "code"), [("404_3043", 404, 3043), ("400_3000", 400, 3000)])
def test_the_error_of_a_full_webinar(zoom: Caller, form: str, status: int, code: int) -> None:
    zoom.account.set_webinar(WEBINAR, registrants_restrict_number=1)
    zoom.account.set_switches(full_error=form)
    zoom.batch(ADA)

    response = zoom.batch(GRACE)

    assert (response.status, response.code) == (status, code)
    assert response.content["message"] == "Webinar has reached maximum attendee capacity."


@pytest.mark.parametrize(
    ("shown", "capacity", "restriction"),
    [("all", 9, 5), ("capacity_only", 9, None), ("restriction_only", None, 5), ("none", None, None)],
)
def test_reading_a_webinar_shows_its_limits(
    zoom: Caller, shown: str, capacity: int | None, restriction: int | None
) -> None:
    zoom.account.set_webinar(WEBINAR, capacity=9, registrants_restrict_number=5)
    zoom.account.set_switches(seat_numbers=shown)

    content = zoom.request("GET", f"/v2/webinars/{WEBINAR}").content

    assert content.get("capacity") == capacity
    assert content["settings"].get("registrants_restrict_number") == restriction


def test_a_capacity_that_closes_joining_does_not_limit_registration(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, capacity=1)
    zoom.account.set_switches(capacity_closes="joining")
    assert zoom.batch(ADA, GRACE).status == 201
    assert zoom.request("POST", f"/v2/webinars/{WEBINAR}/registrants", {"email": MARY, "first_name": "M"}).status == 201

    zoom.account.set_webinar(WEBINAR, registrants_restrict_number=3)
    assert zoom.batch("late@example.com").status == 404


@pytest.mark.parametrize(("total", "soon", "later"), [("right", 1, 1), ("stale", 0, 1), ("missing", None, None)])
def test_the_number_of_registrants_in_a_listing(zoom: Caller, total: str, soon: int | None, later: int | None) -> None:
    zoom.account.set_switches(total_records=total)
    zoom.batch(ADA)
    listing = f"/v2/webinars/{WEBINAR}/registrants?page_size=1"
    assert zoom.request("GET", listing).content.get("total_records") == soon

    zoom.moment += 60

    content = zoom.request("GET", listing).content
    assert content.get("total_records") == later
    assert [one["email"] for one in content["registrants"]] == [ADA]


@pytest.mark.parametrize(("uses", "status"), [(True, 404), (False, 201)])
def test_a_pending_registrant_may_use_no_seat(zoom: Caller, uses: bool, status: int) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1, capacity=1)
    zoom.account.set_switches(pending_uses_seat=uses)
    zoom.batch(ADA)

    assert zoom.batch(GRACE, auto_approve=True).status == status


@pytest.mark.parametrize(("answer", "status"), [("accepted", 201), ("refused", 400)])
def test_a_batch_for_a_webinar_with_a_required_question(zoom: Caller, answer: str, status: int) -> None:
    zoom.account.set_webinar(WEBINAR, required_questions=["last_name", "org"])
    zoom.account.set_switches(questions_in_batch=answer)

    response = zoom.batch(ADA)

    assert response.status == status
    if status == 400:
        assert (response.code, response.content["message"]) == (
            300,
            "The parameter is required in custom_questions: org.",
        )
