"""A person who fills in a form, and the constants of the samples."""

from dataclasses import dataclass

FORM_ID = "f" * 43
SECRET = "test-secret-0001"
OTHER_SECRET = "another-secret-2"
# Bytes 1 to 24, and 2 to 25.
STANDARD_SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"
OTHER_STANDARD_SECRET = "whsec_AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ"
NOW = 1_790_000_000.0
WEBINAR = "97871060099"
URL = f"https://hooks.example.com/forms/{FORM_ID}"
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=X"


@dataclass(frozen=True)
class Person:
    """What a person answers; None is a question that they skip."""

    email: str | None = "ana@example.com"
    first_name: str = "Ana"
    last_name: str = "Pérez"
    webinar: str | None = WEBINAR
    slot: str = "Morning"
    submission: str = "r1"
