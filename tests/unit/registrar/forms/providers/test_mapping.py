"""Find the registrant in a form's fields: its own map first, then types, keys and labels in many languages."""

import pytest
from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.mapping import Mapped, Unmapped, map_fields

from tests.unit.registrar.forms.providers.people import WEBINAR
from tests.unit.registrar.forms.providers.samples import form

EMAIL = FormField("e", "E-mail", "email", "ana@example.com")


def text(label: str, value: str | list[str], key: str = "", type_: str = "text") -> FormField:
    return FormField(key or f"key of {label}", label, type_, value)


def names_in(*fields: FormField, **maps: str) -> tuple[object, object]:
    mapped = map_fields(form("generic", fields=maps), [EMAIL, *fields])
    assert isinstance(mapped, Mapped)
    return mapped.fields["first_name"], mapped.fields.get("last_name")


def test_what_is_missing_is_named() -> None:
    assert map_fields(form("generic", webinar_from="webinar"), []) == Unmapped(("email", "first_name", "webinar_id"))
    assert map_fields(form("generic", webinar_id=None), [EMAIL]) == Unmapped(("first_name", "webinar_id"))
    unmapped = map_fields(form("generic"), [text("Vorname", "Ana", "v")])
    assert unmapped == Unmapped(("email",))
    assert (unmapped.fields, unmapped.sources) == ({"first_name": "Ana"}, {"first_name": "v"}), "what is known"


def test_a_mapped_field_that_is_absent_is_not_guessed() -> None:
    """The question was deleted, or skipped: another e-mail of the form may be another person's."""
    assert map_fields(form("generic", fields={"email": "q4"}), [EMAIL, text("name", "Ana")]) == Unmapped(("email",))
    first_name = text("Vorname", "Ana")
    assert map_fields(form("generic", fields={"first_name": "q3"}), [EMAIL, first_name]) == Unmapped(("first_name",))


@pytest.mark.parametrize("key", ["question_1_uuid", "f1", "Your webinar"])
def test_a_field_is_found_by_its_key_its_other_key_or_its_label(key: str) -> None:
    webinar = FormField("question_1_uuid", "Your webinar", "HIDDEN_FIELDS", "93000000001", "f1")
    mapped = map_fields(form("tally", webinar_from=key), [EMAIL, text("name", "Ana"), webinar])
    assert isinstance(mapped, Mapped)
    assert mapped.webinar_id == "93000000001"
    assert mapped.sources["webinar_id"] == "question_1_uuid"


def test_a_key_is_likelier_than_a_label_and_the_first_of_two_is_meant() -> None:
    fields = [EMAIL, text("name", "Ana"), text("a", "by label"), text("x", "first", "a"), text("y", "second", "a")]
    mapped = map_fields(form("generic", fields={"org": "a"}), fields)
    assert isinstance(mapped, Mapped)
    assert mapped.fields["org"] == "first"


def test_a_fixed_webinar_is_not_changed_by_a_field_of_that_name() -> None:
    mapped = map_fields(form("generic"), [EMAIL, text("name", "Ana"), text("webinar", "93000000001", "webinar_id")])
    assert isinstance(mapped, Mapped)
    assert mapped.webinar_id == WEBINAR


def test_the_type_tells_an_email_before_the_label_does() -> None:
    fields = [text("E-mail", "yes", "email"), text("How do we reach you?", "ana@example.com", type_="INPUT_EMAIL")]
    mapped = map_fields(form("tally"), [*fields, text("name", "Ana")])
    assert isinstance(mapped, Mapped)
    assert mapped.fields["email"] == "ana@example.com"


def test_of_two_email_fields_the_one_that_is_called_so_is_meant_then_the_first() -> None:
    colleague = FormField("1", "Your colleague", "email", "ben@example.com")
    mapped = map_fields(form("tally"), [colleague, EMAIL, text("name", "Ana")])
    assert isinstance(mapped, Mapped)
    assert mapped.fields["email"] == "ana@example.com"
    mapped = map_fields(form("tally"), [EMAIL, FormField("2", "E-Mail", "email", "x@example.com"), text("name", "Ana")])
    assert isinstance(mapped, Mapped)
    assert mapped.fields["email"] == "ana@example.com"


@pytest.mark.parametrize(
    "label",
    [
        "E-Mail *",
        "Adresse e-mail",
        "Correo electrónico",
        "メールアドレス",
        "Please enter your e-mail address:",
        "EMAIL",
    ],
)
def test_labels_of_an_email(label: str) -> None:
    mapped = map_fields(form("generic"), [text(label, "ana@example.com"), text("name", "Ana")])
    assert isinstance(mapped, Mapped)
    assert mapped.fields["email"] == "ana@example.com"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("First name", "Last name"),
        ("Vorname", "Nachname"),
        ("Prénom", "Nom"),
        ("Vorname", "Name"),
        ("What's your first name?", "And your last name?"),
        ("Quel est votre prénom ?", "Et votre nom de famille ?"),
        ("first_name", "What is your surname?"),
        ("名", "姓"),
    ],
)
def test_labels_of_two_names(first: str, last: str) -> None:
    assert names_in(text(first, "Zoë"), text(last, "Müller")) == ("Zoë", "Müller")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Pérez", ("Ana", "Pérez")),
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("Pérez, Ana", ("Ana", "Pérez")),
        ("Prince", ("Prince", "")),
        ("\u200b山田 太郎", ("太郎", "山田")),
        ("李小龙", ("李小龙", "")),
        ("  Ana\u00a0Pérez ", ("Ana", "Pérez")),
    ],
)
@pytest.mark.parametrize("label", ["Name", "Full name", "What is your name?", "氏名"])
def test_a_whole_name_is_split(label: str, name: str, expected: tuple[str, str]) -> None:
    assert names_in(text(label, name)) == expected


def test_a_map_of_both_names_to_one_field_splits_it() -> None:
    assert names_in(text("Who?", "Ana Pérez", "q3"), first_name="q3", last_name="q3") == ("Ana", "Pérez")
    assert names_in(text("Who?", "Ana Pérez", "q3"), first_name="q3") == ("Ana Pérez", None)


def test_a_whole_name_beside_one_of_its_parts_is_the_other_part() -> None:
    assert names_in(text("First name", "Ana"), text("Full name", "Ana Pérez")) == ("Ana", "Pérez")
    assert names_in(text("Last name", "Pérez"), text("Full name", "Ana Pérez")) == ("Ana", "Pérez")
    assert names_in(text("First name", "Ana"), text("Name", "Anaya")) == ("Ana", "Anaya")


def test_a_last_name_alone_stands_for_both() -> None:
    """Contract 3: an empty first name beside a last name is replaced by it."""
    assert names_in(text("Nachname", "Pérez")) == ("", "Pérez")


@pytest.mark.parametrize(
    "label",
    [
        "School name",
        "Company name",
        "Nombre de la empresa",
        "User name",
        "Are you an attendee?",
        "Name of your company",
    ],
)
def test_labels_that_only_look_like_a_name(label: str) -> None:
    assert map_fields(form("generic"), [EMAIL, text(label, "ACME")]) == Unmapped(("first_name",))


def test_of_two_questions_that_end_alike_none_is_guessed() -> None:
    fields = [text("Your first name", "Ana", "1"), text("Your guest's first name", "Ben", "2")]
    assert names_in(*fields, first_name="1") == ("Ana", None)
    fields[0] = text("Write your first name", "Ana", "1")
    assert map_fields(form("generic"), [EMAIL, *fields]) == Unmapped(("first_name",))


@pytest.mark.parametrize(
    "value",
    [
        "{{ form.email }}",
        "Dear {{email}}",
        "{% email %}",
        "{entry_id}",
        ' {field_id="3"} ',
        "[your-email]",
        "{Email:2}",
    ],
)
def test_a_placeholder_that_nothing_replaced_is_no_answer(value: str) -> None:
    assert map_fields(form("generic"), [text("email", value), text("name", "Ana")]) == Unmapped(("email",))


@pytest.mark.parametrize("value", ["{Ana} Pérez", "Ana [she]", "{", "[]", '{"a": 1}', "100{%"[:4]])
def test_what_only_looks_like_a_placeholder(value: str) -> None:
    assert names_in(text("first name", value))[0] == value


def test_questions_go_to_zoom_only_where_the_map_names_them() -> None:
    fields = [EMAIL, text("name", "Ana"), text("Company", "ACME", "c"), text("Slots", ["A", "B"], "s")]
    mapped = map_fields(form("generic", fields={"answers.Which slots?": "s", "org": "c", "industry": "none"}), fields)
    assert isinstance(mapped, Mapped)
    assert mapped.fields["answers"] == {"Which slots?": "A, B"}
    assert mapped.fields["org"] == "ACME"
    assert "industry" not in mapped.fields
    assert mapped.sources["answers.Which slots?"] == "s"


@pytest.mark.parametrize("dates", [["1717000000000", "1717086400000"], "1717000000000, 1717086400000"])
def test_occurrences_are_a_list(dates: str | list[str]) -> None:
    mapped = map_fields(
        form("generic", fields={"occurrence_ids": "d"}), [EMAIL, text("name", "Ana"), text("d", dates, "d")]
    )
    assert isinstance(mapped, Mapped)
    assert mapped.fields["occurrence_ids"] == ["1717000000000", "1717086400000"]


def test_the_members_of_an_object_are_one_answer() -> None:
    phone = [text("phone area", "030", "q6_phone.area"), text("phone number", "123", "q6_phone.number")]
    mapped = map_fields(form("jotform", fields={"phone": "q6_phone"}), [EMAIL, text("name", "Ana"), *phone])
    assert isinstance(mapped, Mapped)
    assert mapped.fields["phone"] == "030, 123"
    assert mapped.sources["phone"] == "q6_phone"


def test_the_parts_of_a_name_are_separated_by_spaces() -> None:
    """Gravity Forms numbers them; with a comma between them, they would read as last name, first name."""
    parts = [text("1.3", "Ana", "1.3"), text("1.6", "Pérez", "1.6")]
    assert names_in(*parts, first_name="1", last_name="1") == ("Ana", "Pérez")
    assert names_in(*parts, first_name="1") == ("Ana Pérez", None)


def test_a_question_of_jotform_that_is_renamed_keeps_its_number() -> None:
    maps = {"email": "q4_email", "first_name": "q3_name", "last_name": "q3_name"}
    renamed = [
        FormField("q3_fullName.first", "fullName first", "first_name", "Ana", "q3.first"),
        FormField("q3_fullName.last", "fullName last", "last_name", "Pérez", "q3.last"),
        FormField("q4_contact", "contact", "", "ana@example.com", "q4"),
        FormField("q44_email", "email", "", "ben@example.com", "q44"),
    ]
    mapped = map_fields(form("jotform", fields=maps), renamed)
    assert isinstance(mapped, Mapped)
    assert mapped.fields == {"email": "ana@example.com", "first_name": "Ana", "last_name": "Pérez"}
    assert mapped.sources["email"] == "q4_contact"


def test_the_name_of_a_company_in_an_object_is_no_name_of_a_person() -> None:
    inner = [text("company name", "ACME", "company.name"), text("contact first_name", "Ana", "contact.first_name")]
    assert names_in(*inner) == ("Ana", None)


def test_the_id_of_a_submission_is_no_field_of_a_registrant() -> None:
    mapped = map_fields(
        form("generic", fields={"submission_id": "i"}), [EMAIL, text("name", "Ana"), text("i", "7", "i")]
    )
    assert isinstance(mapped, Mapped)
    assert mapped.fields.keys() == mapped.sources.keys() == {"email", "first_name", "last_name"}
