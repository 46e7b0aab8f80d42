"""Recognise a person's dead letters, where no registrant can be read too."""

import re

import email_validator

from registrar_cli.dead_letters.dead_letter import DeadLetter

_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")


def is_of(dead_letter: DeadLetter, identity: str) -> bool:
    """Return whether a dead letter is the person's: by its key, or else by the address in its text.

    What a form sent is searched in every field: the address may stand in another than the one that is mapped.
    """
    key, sent = dead_letter.key, dead_letter.set_aside
    if key is not None and (sent is None or key.email == identity):
        return key.email == identity
    if sent is not None:
        return _holds("\n".join(one.text for one in sent.fields), identity)
    return _holds(_JSON_ESCAPE.sub(_unescaped, dead_letter.body), identity)


def _holds(text: str, identity: str) -> bool:
    domain = email_validator.validate_email(identity, check_deliverability=False).domain
    spellings = {identity, f"{identity.rpartition('@')[0]}@{domain}"}
    # Only the whole address: `li@example.com` is neither `ali@example.com` nor `li@example.com.au`.
    return any(re.search(rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)", text.lower()) for one in spellings)


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character that a JSON escape stands for; whitespace as a space."""
    code, character = escape.groups()
    return chr(int(code, 16)) if code else " " if character in "bfnrt" else character
