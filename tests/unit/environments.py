"""Variables of each function, with values that start it."""

from collections.abc import Mapping
from typing import Final

ENVIRONMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "accept_form": {
        "STACK_NAME": "zoom-registrar",
        "ALLOWED_WEBINARS": "",
        "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters",
        "FORM_SECRETS": "arn:aws:secretsmanager:us-east-1:123456789012:secret:FormSecrets",
        "FORM_TABLE": "forms",
        "REGISTRATION_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/registrations",
        "SUBMISSION_TABLE": "submissions",
    },
    "accept_submission": {
        "STACK_NAME": "zoom-registrar",
        "ALLOWED_ORIGINS": "*",
        "ALLOWED_WEBINARS": "",
        "REGISTRATION_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/registrations",
        "SUBMISSION_TABLE": "submissions",
        "TURNSTILE_SECRET": "",
        "TURNSTILE_SITE_KEY": "",
        "WEBINAR_TABLE": "webinars",
    },
    "describe_webinar": {
        "STACK_NAME": "zoom-registrar",
        "ACCOUNT_TABLE": "account",
        "REFRESH_TOKEN_FUNCTION": "refresh",
        "WEBINAR_TABLE": "webinars",
        "ZOOM_API_URL": "https://api.zoom.us/v2",
        "ZOOM_TOKEN_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token",
    },
    "refresh_token": {
        "STACK_NAME": "zoom-registrar",
        "ACCOUNT_TABLE": "account",
        "ZOOM_CREDENTIALS_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:credentials",
        "ZOOM_OAUTH_URL": "https://zoom.us/oauth/token",
        "ZOOM_TOKEN_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token",
    },
    "registration_page": {
        "ALLOWED_ORIGINS": "*",
        "ALLOWED_WEBINARS": "",
        "DESCRIBE_WEBINAR_FUNCTION": "describe",
        "REGISTRANT_TABLE": "registrants",
        "STACK_NAME": "zoom-registrar",
        "SUBMISSION_TABLE": "submissions",
        "TURNSTILE_SITE_KEY": "",
        "WEBINAR_TABLE": "webinars",
    },
}
