"""The account and its OAuth app: credentials, scopes, lifetime of a token."""

from dataclasses import dataclass

from local.fake_zoom.fields import require


@dataclass(frozen=True, slots=True)
class Profile:
    """The account and its one server-to-server OAuth app.

    Scopes apply at once, to existing tokens too. `attendee_limit` limits the registrants of all webinars together;
    None: no limit. `token_characters`: Zoom's tokens are opaque and 1 to 2 KB long.
    """

    account_id: str = "fake-account"
    client_id: str = "fake-client"
    client_secret: str = "fake-secret"  # noqa: S105  Not a real secret.
    scopes: tuple[str, ...] = (
        "webinar:write:batch_registrants:admin",
        "webinar:write:registrant:admin",
        "webinar:read:list_registrants:admin",
        "webinar:read:webinar:admin",
        "webinar:update:registrant_status:admin",
        "webinar:read:list_registration_questions:admin",
        "meeting:read:meeting:admin",
        "meeting:read:list_registration_questions:admin",
    )
    token_seconds: int = 3_600
    token_characters: int = 1_200
    api_url: str = "https://api.zoom.us"
    attendee_limit: int | None = None

    def __post_init__(self) -> None:
        require(self.token_seconds >= 0, "'token_seconds' must be 0 or more")
        require(self.token_characters >= 64, "'token_characters' must be 64 or more")
        require(self.attendee_limit is None or self.attendee_limit >= 0, "'attendee_limit' must be 0 or more")
