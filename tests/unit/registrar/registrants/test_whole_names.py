"""Whole names, as forms and files have them, are split into first and last name."""

import pytest
from registrar.registrants.whole_names import split_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("Ursula von der Leyen", ("Ursula", "von der Leyen")),
        ("Guido Van Rossum", ("Guido", "Van Rossum")),
        ("Ana de la Cruz Santos", ("Ana", "de la Cruz Santos")),
        ("Ahmed al-Rashid", ("Ahmed", "al-Rashid")),
        ("Khalid bin Walid", ("Khalid", "bin Walid")),
        ("Al Gore", ("Al", "Gore")),
        ("Mary Ann Smith", ("Mary Ann", "Smith")),
        ("Bob Ross, Jr.", ("Bob", "Ross, Jr.")),
        ("Ada Lovelace, PhD", ("Ada", "Lovelace, PhD")),
        ("van Beethoven, Ludwig", ("Ludwig", "van Beethoven")),
        ("Müller,  Zoë Maria ", ("Zoë Maria", "Müller")),
        ("山田 太郎", ("太郎", "山田")),
        ("김 민준", ("민준", "김")),
        ("Ada,", ("Ada", "")),
        (", Ada", ("Ada", "")),
        ("", ("", "")),
    ],
)
def test_whole_names_are_split(name: str, expected: tuple[str, str]) -> None:
    assert split_name(name) == expected
