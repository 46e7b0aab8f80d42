"""The usual spellings of the fields: each is one field's, and is compared without case, accents and punctuation."""

from collections import Counter

import pytest
from registrar.registrants.field_names import FIELDS, SPELLINGS, WHOLE_NAMES, plain_name


def test_no_spelling_belongs_to_two_fields() -> None:
    counts = Counter([*WHOLE_NAMES, *(spelling for spellings in SPELLINGS.values() for spelling in spellings)])
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_field_is_a_spelling_of_itself() -> None:
    assert all(plain_name(field) in SPELLINGS[field] for field in FIELDS)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((name, "email") for name in ("E-Mail", "EMAIL", "email_address", "user[email]", "メールアドレス")),
        *((name, "first_name") for name in ("firstName", "First name *", "fname", "given-name", "Prénom", "이름")),
        *((name, "last_name") for name in ("lastName", "LNAME", "family-name", "surname", "Apellido(s)", "姓")),
    ],
)  # fmt: skip
def test_names_of_forms_and_files_are_recognised(name: str, field: str) -> None:
    assert plain_name(name) in SPELLINGS[field]
