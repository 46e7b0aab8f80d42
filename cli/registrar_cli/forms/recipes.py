"""Say where to paste a form's URL, in four lines per provider (docs/facts/form-providers.md, section 1)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Secret(StrEnum):
    """Who makes the secret with which a provider signs, or which it sends along."""

    NONE = "none"  # the provider signs nothing: the URL is the secret
    OPERATOR = "operator"  # `--secret generate`, or one of your own
    PROVIDER = "provider"  # shown there, to be copied


class Recipe(NamedTuple):
    """Four lines: where the URL goes, what to set beside it, the secret or the webinar, and how to check it."""

    where: str
    settings: str
    more: str
    check: str
    secret: Secret = Secret.NONE


_SUBMIT: Final = "Check: send the form once; `registrar forms list` then shows when it delivered."
_UNSIGNED: Final = "Nothing is signed: the URL is the secret. Do not show it to anyone."

RECIPES: Final[Mapping[str, Recipe]] = {
    "typeform": Recipe(
        "In the form: Connect → Webhooks → Add a webhook, and paste the URL.",
        "Switch the webhook on: Typeform adds it switched off.",
        "Secret: Edit → Secret, and paste it. Without one, anyone who knows the URL can send forms.",
        "Check: “Send test request” is answered with `ignored`. Then send the form once.",
        Secret.OPERATOR,
    ),
    "tally": Recipe(
        "In the form: Integrations → Webhooks → Connect, and paste the URL.",
        "Publish the form: Tally delivers nothing of a draft.",
        "Signing secret: paste it there. Without one, anyone who knows the URL can send forms.",
        _SUBMIT,
        Secret.OPERATOR,
    ),
    "jotform": Recipe(
        "In the form: Settings → Integrations → WebHooks, and paste the URL.",
        "The keys are q3_name, q4_email, …; the number counts, so you may rename the fields.",
        _UNSIGNED,
        _SUBMIT,
    ),
    "webflow": Recipe(
        "In the site's settings: Apps & integrations → Webhooks → Form submission, and paste the URL.",
        "A webhook sends every form of the site: filter it by the form's name.",
        "Secret: only a webhook made by the API has one; copy it. Those of the dashboard sign nothing.",
        _SUBMIT,
        Secret.PROVIDER,
    ),
    "hubspot": Recipe(
        "In a workflow that the form starts: Send a webhook → POST, and paste the URL.",
        "Request body: customize it, with the properties email, firstname and lastname.",
        "Secret: with “request signature”, that of the app whose id you name there. Else none.",
        "Check: the test button of HubSpot is not signed, and may be answered with 401. Send the form.",
        Secret.PROVIDER,
    ),
    "gravityforms": Recipe(
        "In the form: Settings → Webhooks → Add New; method POST, format JSON, and paste the URL.",
        "Request body: Select Fields, with the keys email, first_name, last_name.",
        "Add the key submission_id with the value {entry_id}: a repeated delivery is then recognised.",
        "Check: send the form once. Gravity Forms reports success whatever is answered.",
    ),
    "elementor": Recipe(
        "In the form widget: Actions After Submit → Webhook, and paste the URL.",
        "Advanced Data: on. Fields then have their ids as keys; labels could change.",
        "Each field → Advanced → ID: email, first_name, last_name.",
        _SUBMIT,
    ),
    "wpforms": Recipe(
        "In the form: Settings → Webhooks → POST, format JSON (not form), and paste the URL.",
        "Request body: email, first_name and last_name, each with its field; submission_id {entry_id}.",
        "Secret: the webhook's own; copy it. With the format “form” the signature would be wrong.",
        _SUBMIT,
        Secret.PROVIDER,
    ),
    "cf7": Recipe(
        "In the form: Webhook (plugin CF7 to Webhook) → Send to Webhook, and paste the URL.",
        "Rename the tags, as in [email* your-email webhook:email]: email, first_name, last_name.",
        "Contact Form 7 then sends no mail, unless you turn it on there.",
        _SUBMIT,
    ),
    "framer": Recipe(
        "Select the form → Send To → Add… → Webhook, and paste the URL.",
        "The names of the inputs are the keys: email, first_name, last_name.",
        "Secret: paste it there. Without one, anyone who knows the URL can send forms.",
        "Check: publish the page, and send the form once.",
        Secret.OPERATOR,
    ),
    "wufoo": Recipe(
        "In the form: Integrations → WebHook → Add, and paste the URL.",
        "Turn on “Include Field and Form Structures with Entry Data”: fields are then found by their type.",
        "Handshake key: paste the secret. Wufoo sends it along, and signs nothing.",
        _SUBMIT,
        Secret.OPERATOR,
    ),
    "formstack": Recipe(
        "In the form: Settings → Emails & Redirects → After the form is submitted: add a webhook, paste the URL.",
        "Choose “Post using field IDs”: of equal names, Formstack would send only the last.",
        "Shared Secret Key: paste the secret. Formstack sends it along as HandshakeKey.",
        _SUBMIT,
        Secret.OPERATOR,
    ),
    "fillout": Recipe(
        "In the form: Integrations → Webhook, and paste the URL.",
        "Body: simple. The fields are then found by their type.",
        _UNSIGNED,
        _SUBMIT,
    ),
    "paperform": Recipe(
        "In the form: After Submission → Integrations & Webhooks → Add Webhook, and paste the URL.",
        "Triggered On: New Submission. Partial submissions are ignored.",
        _UNSIGNED,
        _SUBMIT,
    ),
    "unbounce": Recipe(
        "On the page: Integrations → Webhooks: POST form data to a URL, and paste the URL.",
        "The names of the fields are the keys: email, first_name, last_name.",
        _UNSIGNED,
        _SUBMIT,
    ),
    "google": Recipe(
        "In the form: ⋮ → Apps Script; replace what is there by the script, and save it.",
        "Choose the function `install`, press Run, and allow what it asks for.",
        "The script holds the URL and the secret: who may edit the form can read both.",
        "Check: send the form once. What could not be sent is sent again every ten minutes.",
        Secret.OPERATOR,
    ),
    "generic": Recipe(
        "Zapier (Webhooks: POST), Make (HTTP request) or your own program: POST to the URL.",
        "JSON or a form, with email, first_name, last_name; submission_id makes repeats harmless.",
        "Secret: sign as Standard Webhooks do (webhook-id, webhook-timestamp, webhook-signature).",
        _SUBMIT,
        Secret.OPERATOR,
    ),
}
