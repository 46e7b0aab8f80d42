"""What a language must say. A text that is missing is a type error.

Texts with `{the}`, `{of_the}`, `{for_the}` or `{The}` speak of the webinar or the meeting: `Texts.about` puts it in.
Named tuples rather than dataclasses: a dozen of those would take 10 ms more of a cold start.
"""

from typing import NamedTuple


class Nouns(NamedTuple):
    """A webinar or a meeting with its article: `the` as subject, `of_the` as owner, `for_the` after "register"."""

    the: str
    of_the: str
    for_the: str


class DateTexts(NamedTuple):
    """Dates and durations. Of two forms, the first is for one and the second for several."""

    start: str
    duration: str
    your_time: str
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    first_day: str
    moment: str
    """Of weekday, day, month, year, hour, hour12, half (AM or PM), minute."""
    hours: tuple[str, str]
    minutes: tuple[str, str]


class LabelTexts(NamedTuple):
    """The labels of Zoom's own fields, under Zoom's names."""

    email: str
    first_name: str
    last_name: str
    address: str
    city: str
    country: str
    zip: str
    state: str
    phone: str
    industry: str
    org: str
    job_title: str
    purchasing_time_frame: str
    role_in_purchase_process: str
    no_of_employees: str
    comments: str


class ChoiceTexts(NamedTuple):
    """The values that Zoom prescribes for its own fields, in words."""

    within_a_month: str
    months_1_3: str
    months_4_6: str
    more_than_6_months: str
    no_timeframe: str
    decision_maker: str
    evaluator: str
    influencer: str
    not_involved: str
    more_than_10_000: str


class FormTexts(NamedTuple):
    """The registration form."""

    heading: str
    title: str
    required: str
    required_note: str
    please_choose: str
    several: str
    one_date: str
    several_dates: str
    is_family_name_first: bool
    submit: str
    needs_javascript: str
    labels: LabelTexts
    choices: ChoiceTexts


class ErrorTexts(NamedTuple):
    """What is wrong with a field, as a request."""

    prefix: str
    heading: str
    required: str
    choose: str
    email: str
    invisible: str
    too_long: str
    control_characters: str
    not_a_choice: str
    country: str
    repeated: str
    date: str
    human: str
    webinar: str
    other: str
    busy: str


class LinkTexts(NamedTuple):
    """Who sends the join link, and when."""

    zoom: str
    organizer: str
    unknown: str
    once_registered: str
    once_approved: str
    spam: str


class DeferredTexts(NamedTuple):
    """Why a registration has to wait."""

    busy: str
    registrant_limit: str
    account_limit: str
    unconfirmed: str
    seats: str


class RejectedTexts(NamedTuple):
    """Why a registration was refused, and what its registrant can do."""

    over: str
    full: str
    off: str
    gone: str
    paid: str
    host: str
    email: str
    invalid: str
    refused: str
    technical: str


class StatusTexts(NamedTuple):
    """The status page."""

    queued_title: str
    queued: str
    registered_title: str
    registered: str
    pending_title: str
    pending: str
    deferred_title: str
    next_try: str
    nothing_to_do: str
    rejected_title: str
    link: LinkTexts
    deferred: DeferredTexts
    rejected: RejectedTexts
    reference: str
    refreshes: str
    check_now: str
    back: str


class MessageTexts(NamedTuple):
    """The pages without a form."""

    closed_title: str
    over: str
    full: str
    off: str
    ask_organizer: str
    not_found_title: str
    not_found: str
    unknown_title: str
    unknown: str
    broken_title: str
    broken: str
    for_the_maker: str
    unreadable_title: str
    unreadable: str
    no_connection: str


class Texts(NamedTuple):
    """All texts of one language."""

    webinar: Nouns
    meeting: Nouns
    colon: str
    gap: str
    """Between two sentences, and between hours and minutes."""
    dates: DateTexts
    form: FormTexts
    errors: ErrorTexts
    status: StatusTexts
    messages: MessageTexts

    def labelled(self, label: str, text: str) -> str:
        """Put a label before a text; one that ends in a question mark or a colon needs no other."""
        return f"{label} {text}" if label[-1:] in "?\uff1f:\uff1a" else f"{label}{self.colon}{text}"

    def about(self, kind: str, text: str) -> str:
        """Put the webinar or the meeting into a text."""
        nouns = self.meeting if kind == "meeting" else self.webinar
        the = nouns.the
        return text.format(the=the, The=the[0].upper() + the[1:], of_the=nouns.of_the, for_the=nouns.for_the)
