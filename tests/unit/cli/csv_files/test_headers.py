"""Headers: languages, reports of Zoom, whole names, columns without addresses, and hints where one is missing."""

import pytest
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"
ADA = [("ada@example.com", "Ada", "L")]


def read(text: str | bytes, webinar: str | None = WEBINAR, mapped: dict[str, str] | None = None) -> Reading:
    return read_registrants(text if isinstance(text, bytes) else text.encode(), webinar, mapped)


def people(reading: Reading) -> list[tuple[str, str, str]]:
    registrants = [entry.registrant for entry in reading.entries]
    return [(one.email, one.first_name, one.last_name) for one in registrants]


@pytest.mark.parametrize(
    "text",
    [
        "顧客ID,メールアドレス,名,姓\n1,ada@example.com,Ada,L\n",
        "Ensisijainen sähköposti,Etunimi,Sukunimi\nada@example.com,Ada,L\n",
        "Sähköpostiosoite;Etunimi;Sukunimi\nada@example.com;Ada;L\n",
        "E-postadresse;Fornavn;Etternavn\nada@example.com;Ada;L\n",
        "E-posta Adresi;First name;Last name\nada@example.com;Ada;L\n",
        "Адрес электронной почты;Имя;Фамилия\nada@example.com;Ada;L\n",
        "name ,lastname ,email\u00a0address \nAda,L,ada@example.com\n",
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email\nAda,L,,,ada@example.com,\n",
        b'\xef\xbb\xbf"sep=;"\r\n"email";"first name";"last name"\r\n"ada@example.com";"Ada";"L"\r\n',
    ],
)  # fmt: skip
def test_columns_are_found_in_many_languages_and_programs(text: str | bytes) -> None:
    assert people(read(text)) == ADA


REPORT = (
    "Attendee Report,,,,,,,,\n"
    'Report Generated:,"Mar 23, 2026 6:26 PM",,,,,,,\n'
    "Topic,Webinar ID,Actual Start Time,,,,,,\n"
    "Keynote,978 7106 0099,x,,,,,,\n"
    "Attendee Details\n"
    "Attended,User Name (Original Name),First Name,Last Name,Email,Phone,Approval Status,"
    '"Profession (if ""Student"")",Country/Region Name\n'
    "No,Ada,Ada,L,ada@example.com,+15551234567,approved,--,\n"
)


def test_a_report_of_zoom_names_its_webinar() -> None:
    reading = read(REPORT, webinar=None)

    assert people(reading) == ADA
    assert (reading.report_webinar, reading.keys[0].webinar_id) == (WEBINAR, WEBINAR)


def test_webinar_goes_before_the_webinar_of_a_report() -> None:
    reading = read(REPORT, webinar="91000000404")

    assert (reading.report_webinar, reading.keys[0].webinar_id) == (None, "91000000404")


def test_a_report_lists_panelists_before_its_registrants() -> None:
    panelists = "".join(f"Yes,P{n},p{n}@example.com\n" for n in range(90))
    reading = read(
        "Attendee Report\nPanelist Details,\nAttended,User Name (Original Name),Email\n"
        + panelists
        + "Attendee Details,\n"
        "Attended,User Name (Original Name),First Name,Last Name,Email,Approval Status\n"
        "Yes,Ada,Ada,L,ada@example.com,approved\n"
    )

    assert people(reading) == ADA


def test_the_column_that_holds_addresses_is_used() -> None:
    reading = read(
        "ID,Start time,Completion time,Email,Name,First name,Last name,Email address\n"
        "1,1,2,anonymous,,Ada,L,ada@example.com\n2,1,2,anonymous,,Bob,Ross,bob@example.com\n"
    )

    assert [email for email, _, _ in people(reading)] == ["ada@example.com", "bob@example.com"]
    assert reading.layout.named()["email"] == "Email address"


def test_a_column_of_another_name_that_holds_the_addresses_is_named() -> None:
    text = "Email,First name,Kontakt des Gastes\nanonymous,Ada,ada@example.com\n"

    with pytest.raises(WrongInput, match="No cell of the column Email") as refused:
        read(text)
    assert "--map email='Kontakt des Gastes'" in refused.value.to_do
    assert len(read(text, mapped={"email": "Kontakt des Gastes"}).entries) == 1


def test_misspelled_addresses_are_rejected_line_by_line() -> None:
    assert len(read("Email,First name,Note\nada@@example,Ada,x\nbob,Bob,y\n").rejects) == 2


def test_a_mapped_column_is_used_even_without_addresses() -> None:
    text = "Email,First name,Email address\nanonymous,Ada,ada@example.com\n"

    assert len(read(text, mapped={"email": "Email"}).rejects) == 1


@pytest.mark.parametrize(
    ("text", "missing", "to_do"),
    [
        (
            "Timestamp,Institute Email Address (@example.edu),First name,Last name\n1,ada@example.edu,Ada,L\n",
            "email",
            "--map email='Institute Email Address (@example.edu)'",
        ),
        ("E-Mail,Rufname des Gastes\nada@example.com,Ada\n", "first_name", "--map first_name='Rufname des Gastes'"),
        (
            "Kontakt,Person\nada@example.com,Ada\n",
            "email and first_name",
            "--map email=Kontakt --map first_name=Person",
        ),
        ("id,email\n1,ada@example.com\n", "first_name", "--map first_name=id"),
    ],
)
def test_the_hint_names_what_is_missing_and_columns_that_are_there(text: str, missing: str, to_do: str) -> None:
    with pytest.raises(WrongInput) as refused:
        read(text)

    assert f"No column for {missing} was found. The columns are: {text.splitlines()[0].replace(',', ', ')}." in (
        refused.value.what
    )
    assert refused.value.to_do == f"Name the column, for example: {to_do}"


def test_another_header_below_the_first_is_not_taken_for_a_person() -> None:
    with pytest.raises(WrongInput, match="Line 3 is another header"):
        read(
            "email,first name,last name\nada@example.com,Ada,L\nLast name,First name,Email\nRoss,Bob,bob@example.com\n"
        )


@pytest.mark.parametrize(
    "header", ["Full name", "Name", "Vollständiger Name", "Nombre completo", "Nome e cognome", "氏名", "name"]
)
def test_a_column_of_whole_names_is_split(header: str) -> None:
    reading = read(
        f"{header};email\nPrince;prince@example.com\nZoë Müller;zoe@example.com\nMüller, Ada;ada@example.com\n"
    )

    assert people(reading) == [
        ("prince@example.com", "Prince", ""),
        ("zoe@example.com", "Zoë", "Müller"),
        ("ada@example.com", "Ada", "Müller"),
    ]
    assert reading.split == ("Zoë", "Müller")


def test_a_whole_name_can_be_mapped() -> None:
    reading = read("Gast,email\nAda Lovelace,ada@example.com\n", mapped={"name": "Gast"})

    assert people(reading) == [("ada@example.com", "Ada", "Lovelace")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("mail,Vorname,Name", ("Ada", "L")),
        ("mail,Name,Surname", ("Ada", "L")),
        ("mail,First name,Full name", ("Ada", "")),
    ],
)
def test_a_name_beside_half_a_name_is_the_other_half(header: str, expected: tuple[str, str]) -> None:
    reading = read(f"{header}\nada@example.com,Ada,L\n")

    assert people(reading) == [("ada@example.com", *expected)]
    assert reading.split is None


@pytest.mark.parametrize(
    "header",
    [
        "Časová značka,E-mailová adresa,Jméno,Příjmení",
        "Időbélyeg,E-mail-cím,Keresztnév,Vezetéknév",
        "Marcaj de timp,Adresă de e-mail,Prenume,Nume",
        "Χρονική σήμανση,Διεύθυνση ηλεκτρονικού ταχυδρομείου,Όνομα,Επώνυμο",
        "Позначка часу,Електронна адреса,Ім\u2019я,Прізвище",
        "חותמת זמן,כתובת אימייל,שם פרטי,שם משפחה",
        "طابع زمني,عنوان البريد الإلكتروني,الاسم الأول,اسم العائلة",
        "时间戳记,电子邮件地址,名,姓",
        "時間戳記,電子郵件地址,名字,姓氏",
        "타임스탬프,이메일 주소,이름,성",
        "Stempel waktu,Alamat Email,Nama depan,Nama belakang",
        "Order no.,Attendee email,Attendee first name,Attendee Surname",
        "ID,billing_email,billing_first_name,billing_last_name",
    ],
)
def test_forms_and_shops_in_more_languages(header: str) -> None:
    assert people(read(f"{header}\nx,ada@example.com,Ada,L\n")) == [("ada@example.com", "Ada", "L")]


@pytest.mark.parametrize(
    ("column", "denied"),
    [
        ("Registrierungsstatus", "abgelehnt"),
        ("Genehmigungsstatus", "Vom Host storniert"),
        ("État de l'approbation", "refusé"),
        ("Estado de aprobación", "denegado"),
        ("Status da aprovação", "negado"),
        ("Stato approvazione", "negato"),
        ("Статус утверждения", "отклонено"),
        ("承認状況", "拒否"),
        ("审批状态", "已拒绝"),
        ("승인 상태", "거부됨"),
        ("RSVP", "no"),
        ("Registration Status", "Withdrawn"),
        ("Payment Status", "Refunded"),
    ],
)
def test_a_status_says_no_in_more_languages(column: str, denied: str) -> None:
    reading = read(f"email,first name,last name,{column}\nada@example.com,Ada,L,ok\nbob@example.com,Bob,R,{denied}\n")

    assert people(reading) == [("ada@example.com", "Ada", "L")]
    assert reading.ineligible == {f"{column} “{denied}”": 1}


@pytest.mark.parametrize("status", ["not cancelled", "nicht storniert", "0", "n", "pending", "approved"])
def test_other_statuses_say_nothing(status: str) -> None:
    assert len(people(read(f"email,first name,Status\nada@example.com,Ada,{status}\n"))) == 1


def test_a_report_of_zoom_that_excel_saved_again() -> None:
    reading = read(
        'Attendee Report,,,,,,,,\nReport Generated:,"Mar 23, 2026 6:26 PM",,,,,,,\nAttendee Details,,,,,,,,\n'
        "Attended,User Name (Original Name),First Name,Last Name,Email,Phone,Approval Status,"
        '"Profession (if ""Student"")",Country/Region Name\n'
        "No,Ada,Ada,FT 2,ada@example.com,+15551234567,approved,--,\n"
    )

    assert people(reading) == [("ada@example.com", "Ada", "FT 2")]


def test_whole_names_before_the_addresses() -> None:
    assert people(read("name;email\nAda Lovelace;ada@example.com\n")) == [("ada@example.com", "Ada", "Lovelace")]
