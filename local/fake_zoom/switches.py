"""Zoom's undocumented behaviour: one switch per open question, with every plausible answer as a value.

The defaults are the most likely answers; the product must be correct under every combination.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Refusing(StrEnum):
    """What happens to a batch with a registrant that cannot be registered."""

    REFUSED_WHOLE = "refused_whole"
    LEFT_OUT = "left_out"


class Naming(StrEnum):
    """How the error response to a batch with an invalid item names the item."""

    BY_INDEX_IN_BRACKETS = "by_index_in_brackets"  # registrants[3].email
    BY_INDEX_WITH_DOTS = "by_index_with_dots"  # registrants.3.email
    BY_INDEX_FROM_ONE = "by_index_from_one"  # registrants[4].email for the fourth; past the end for the last
    BY_WRONG_INDEX = "by_wrong_index"  # the next item's index, [0] for the last: always another item
    BY_EMAIL = "by_email"  # the e-mail in errors[].message
    BY_EMAIL_IN_MESSAGE = "by_email_in_message"  # the e-mail in the outer message, no errors[]
    BY_FIELD_ONLY = "by_field_only"  # field "email": which field, but not which item
    NOT_NAMED = "not_named"  # no errors[] at all


class Counted(StrEnum):
    """Which registrants a refused batch costs an attempt."""

    ALL_REGISTRANTS = "all_registrants"
    ONLY_OF_THE_REFUSED = "only_of_the_refused"  # the invalid ones, and those stored before the refusal


class CounterScope(StrEnum):
    """What the three attempts per day are counted by."""

    PER_WEBINAR = "per_webinar"
    PER_REGISTRANT = "per_registrant"  # across all webinars of the account


class Duplicates(StrEnum):
    """An e-mail that is in one batch twice."""

    MERGED = "merged"
    REFUSED = "refused"


class LastSeats(StrEnum):
    """A batch of more registrants than there are free seats (at least one)."""

    ALL_REFUSED = "all_refused"
    FILLED_WITH_ERROR = "filled_with_error"
    FILLED_ANSWERED = "filled_answered"  # 2xx without items for the registrants without a seat


class FullError(StrEnum):
    """Status and code of the error for a batch without a seat; the text is the same."""

    S404_3043 = "404_3043"
    S400_3043 = "400_3043"
    S400_3035 = "400_3035"
    S400_3000 = "400_3000"


class SeatNumbers(StrEnum):
    """Which limits of registrants reading a webinar shows."""

    ALL = "all"
    CAPACITY_ONLY = "capacity_only"  # without `registrants_restrict_number`
    RESTRICTION_ONLY = "restriction_only"  # without `capacity`
    NONE = "none"


class CapacityCloses(StrEnum):
    """What the capacity of the host's licence limits; `registrants_restrict_number` always limits registration."""

    REGISTRATION = "registration"
    JOINING = "joining"


class TotalRecords(StrEnum):
    """The number of registrants in a listing."""

    RIGHT = "right"
    MISSING = "missing"
    STALE = "stale"  # registrants of the last minute are not counted yet


class QuestionsInBatch(StrEnum):
    """A batch for a webinar with required questions, whose answers a batch cannot carry."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class StoredBeforeRefusal(StrEnum):
    """What a refused batch has stored."""

    NOTHING = "nothing"
    ITEMS_BEFORE_THE_BAD_ONE = "items_before_the_bad_one"


class PendingItem(StrEnum):
    """The response item of a registrant that awaits approval."""

    WITHOUT_JOIN_URL = "without_join_url"
    EMPTY_JOIN_URL = "empty_join_url"
    NULL_JOIN_URL = "null_join_url"
    NO_ITEM = "no_item"


class SuccessStatus(IntEnum):
    """The status of a successful batch: the published spec's key says 201, its text 200."""

    CREATED = 201
    OK = 200


class AnswerOrder(StrEnum):
    """The order of the items in the response."""

    AS_SENT = "as_sent"
    REVERSED = "reversed"
    BY_EMAIL = "by_email"


class EmailCase(StrEnum):
    """The spelling of the e-mails in the response."""

    AS_SENT = "as_sent"
    AS_FIRST_REGISTERED = "as_first_registered"
    LOWER = "lower"
    UPPER = "upper"


class DeniedAgain(StrEnum):
    """A registrant whom the host has denied is sent again."""

    LEFT_OUT = "left_out"
    WITHOUT_JOIN_URL = "without_join_url"
    REGISTERED_ANEW = "registered_anew"
    REFUSED = "refused"


class JoinUrlForm(StrEnum):
    """The documented sample of a join URL begins with a space."""

    LEADING_SPACE = "leading_space"
    TRIMMED = "trimmed"


class Repeat(StrEnum):
    """A registrant that is registered already is sent again."""

    EXISTING = "existing"
    FRESH_JOIN_URL = "fresh_join_url"  # the same registrant with a new join URL; the old one is invalid
    LEFT_OUT = "left_out"


class PlanMissingStatus(IntEnum):
    """The status of "Webinar plan is missing", whose code is 200 either way."""

    BAD_REQUEST = 400
    OK = 200


class ScopeError(StrEnum):
    """Status and code of the error for a token without the scope."""

    S400_4711 = "400_4711"
    S401_4711 = "401_4711"
    S400_104 = "400_104"
    S401_104 = "401_104"
    S400_4700 = "400_4700"
    S401_4700 = "401_4700"


class RegistrationOff(StrEnum):
    """The error for a webinar without registration (`approval_type` 2)."""

    NOT_ENABLED = "400_3000_not_enabled"
    DOES_NOT_HAVE = "400_3000_does_not_have"
    MEETING_TEXT = "404_404"  # yes, "meeting"
    NOT_REQUIRED = "400_3000_has_not_required"
    MEETING_NOT_REQUIRED = "400_300_has_not_required"
    MEETING_NOT_REQUIRED_IN_SUCCESS = "200_300_has_not_required"


class NotAccessible(StrEnum):
    """The error for a webinar whose host is gone, or may not schedule (`accessible` False)."""

    OTHER_ACCOUNT = "400_1010"
    HOST_UNKNOWN = "404_1001"
    NO_SCHEDULING = "400_3161"
    NO_ACCESS = "400_3000"
    NOT_THE_HOST = "400_3003"


class RegistrantLimitWording(StrEnum):
    """The wording of the 429 that names one registrant."""

    DOCUMENTED = "documented"
    BATCH = "batch"
    OF_2021 = "2021"


class RetryAfter(StrEnum):
    """The form of the header `Retry-After`."""

    ISO = "iso"
    HTTP_DATE = "http_date"
    SECONDS = "seconds"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Switches:
    """One value per open question about Zoom.

    bad_item                  an invalid item (data that Zoom refuses) in a batch
    bad_item_named            how the error for an invalid item names it
    host_in_batch             the host or an alternative host in a batch
    policy_in_batch           an e-mail of a blocked domain in a batch
    refused_batch_counts      which registrants a refused batch costs an attempt
    refused_batch_stores      what a batch refused for one of its items has stored
    attempts_counted          three attempts per day: per webinar and registrant, or per registrant across webinars
    duplicates                one e-mail twice in a batch
    last_seats                a batch larger than the number of free seats
    full_error                status and code of the error for a batch without a seat
    seat_numbers              which limits of registrants reading a webinar shows
    capacity_closes           what the capacity of the licence limits
    total_records             the number of registrants in a listing
    pending_uses_seat         whether a registrant that awaits approval uses a seat
    questions_in_batch        a batch for a webinar with required questions
    pending_item              the item of a registrant that awaits approval
    success_status            201 or 200
    answer_order              the order of the items in the response
    email_case                the spelling of the e-mails in the response
    denied_again              a denied registrant is sent again
    join_url_form             with a leading space, or without
    repeat                    a registered registrant is sent again
    plan_missing_status       "Webinar plan is missing" as 400, or as 200
    scope_error               status and code of a missing scope
    registration_off          the error of a webinar without registration
    not_accessible            the error of a webinar that the account may not use
    registrant_limit_wording  which 429 text names the registrant
    retry_after_daily         `Retry-After` of daily limits
    retry_after_per_second    `Retry-After` of per-second limits
    new_token_ends_older      whether minting a token revokes the older ones
    """

    bad_item: Refusing = Refusing.REFUSED_WHOLE
    bad_item_named: Naming = Naming.BY_INDEX_IN_BRACKETS
    host_in_batch: Refusing = Refusing.REFUSED_WHOLE
    policy_in_batch: Refusing = Refusing.REFUSED_WHOLE
    refused_batch_counts: Counted = Counted.ALL_REGISTRANTS
    refused_batch_stores: StoredBeforeRefusal = StoredBeforeRefusal.NOTHING
    attempts_counted: CounterScope = CounterScope.PER_WEBINAR
    duplicates: Duplicates = Duplicates.MERGED
    last_seats: LastSeats = LastSeats.ALL_REFUSED
    full_error: FullError = FullError.S404_3043
    seat_numbers: SeatNumbers = SeatNumbers.ALL
    capacity_closes: CapacityCloses = CapacityCloses.REGISTRATION
    total_records: TotalRecords = TotalRecords.RIGHT
    pending_uses_seat: bool = True
    questions_in_batch: QuestionsInBatch = QuestionsInBatch.ACCEPTED
    pending_item: PendingItem = PendingItem.WITHOUT_JOIN_URL
    success_status: SuccessStatus = SuccessStatus.CREATED
    answer_order: AnswerOrder = AnswerOrder.AS_SENT
    email_case: EmailCase = EmailCase.AS_SENT
    denied_again: DeniedAgain = DeniedAgain.LEFT_OUT
    join_url_form: JoinUrlForm = JoinUrlForm.LEADING_SPACE
    repeat: Repeat = Repeat.EXISTING
    plan_missing_status: PlanMissingStatus = PlanMissingStatus.BAD_REQUEST
    scope_error: ScopeError = ScopeError.S400_4711
    registration_off: RegistrationOff = RegistrationOff.NOT_ENABLED
    not_accessible: NotAccessible = NotAccessible.OTHER_ACCOUNT
    registrant_limit_wording: RegistrantLimitWording = RegistrantLimitWording.DOCUMENTED
    retry_after_daily: RetryAfter = RetryAfter.ISO
    retry_after_per_second: RetryAfter = RetryAfter.ABSENT
    new_token_ends_older: bool = False
