"""The usual spellings of a registrant's fields, in the forms and the files of many languages and tools. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

FIELDS: Final = ("email", "first_name", "last_name", "webinar_id")


def plain_name(name: str) -> str:
    """Return the name of a field or column without case, accents, spaces and punctuation, as names are compared."""
    plain = name.casefold()
    if not plain.isascii():
        split = unicodedata.normalize("NFKD", plain)
        plain = "".join(one for one in split if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", plain)


def _plain(*names: str) -> tuple[str, ...]:
    # Decomposed like the names they are compared with: Japanese and Korean letters have parts, too.
    return tuple(map(plain_name, names))


# The likelier spelling comes first.
SPELLINGS: Final[Mapping[str, Sequence[str]]] = {
    "email": _plain(
        *("email", "emailaddress", "mail", "mailaddress", "emailadresse", "mailadresse", "emailadress", "emailid"),
        *("useremail", "workemail", "businessemail", "registrantemail", "attendeeemail", "contactemail", "youremail"),
        *("primaryemail", "adresseemail", "adressemail", "courriel", "adressecourriel", "adresseelectronique"),
        *("correo", "direccioncorreo"),
        *("correoelectronico", "direcciondecorreoelectronico", "indirizzoemail", "enderecodeemail", "mailadres"),
        *("epostadresse", "sähköposti", "sähköpostiosoite", "ensisijainensähköposti", "eposta", "epostaadresi"),
        *("электроннаяпочта", "адресэлектроннойпочты", "البريدالإلكتروني"),
        *("emailadres", "epost", "epostadress", "adresemail", "メールアドレス", "邮箱", "电子邮件", "이메일"),
        *(
            "メール",
            "電子メール",
            "电子邮件地址",
            "電子郵件",
            "電子郵件地址",
            "이메일주소",
            "emailováadresa",
            "emailcím",
        ),
        *("adresădeemail", "διεύθυνσηηλεκτρονικούταχυδρομείου", "електроннаадреса", "електроннапошта", "כתובתאימייל"),
        *("דואראלקטרוני", "عنوانالبريدالإلكتروني", "địachỉemail", "alamatemail", "ที่อยู่อีเมล", "อีเมล"),
        *("attendeeemailaddress", "billingemail", "email1value", "email1address"),
    ),
    "first_name": _plain(
        *("firstname", "first", "givenname", "forename", "fname", "vorname", "rufname", "prenom", "nombre", "nombres"),
        *("yourfirstname", "userfirstname", "contactfirstname", "namefirst"),
        *("primernombre", "nome", "primeironome", "voornaam", "fornamn", "fornavn", "imie", "etunimi", "名", "이름"),
        *("jméno", "keresztnév", "имя", "الاسمالأول", "prenume", "όνομα", "імя", "שםפרטי", "namadepan", "名字"),
        *("attendeefirstname", "billingfirstname"),
    ),
    "last_name": _plain(
        *("lastname", "last", "surname", "familyname", "lname", "nachname", "familienname", "zuname", "nomdefamille"),
        *("yourlastname", "userlastname", "contactlastname", "namelast"),
        *("nom", "apellido", "apellidos", "cognome", "sobrenome", "apelido", "ultimonome", "achternaam", "efternamn"),
        *("etternavn", "efternavn", "nazwisko", "sukunimi", "姓", "성"),
        *("příjmení", "vezetéknév", "фамилия", "اسمالعائلة", "επώνυμο", "прізвище", "שםמשפחה", "namabelakang", "姓氏"),
        *("attendeelastname", "attendeesurname", "billinglastname", "นามสกุล", "soyad", "nume"),
    ),
    "webinar_id": _plain(
        *("webinarid", "webinar", "webinarnumber", "webinarno", "webinarnr", "webinarnummer", "zoomwebinarid"),
        *("zoomid", "meetingid", "idwebinar", "idduwebinaire", "idwebinaire", "iddelwebinar", "idseminarioweb"),
    ),
}
# Beside a first name, this field is the last name; alone, it is the whole name.
WHOLE_NAMES: Final[Sequence[str]] = _plain(
    *("name", "fullname", "yourname", "nameofparticipant", "participantname", "participant", "attendee", "nomcomplet"),
    *("vollständigername", "vorundnachname", "vornameundnachname", "nombrecompleto", "nombreyapellidos"),
    *("nomecompleto", "nomeecognome", "prénometnom", "volledigenaam", "imięinazwisko", "nimi", "氏名", "姓名", "성명"),
)
