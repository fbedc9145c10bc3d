"""Redacts passwords, tokens and logins in a report.

The user's own actions may have secrets in fields, in texts and in templates. Whatever
looks like a secret is redacted: too much is better than too little.
"""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.helpers.redact import REDACTED

_WORDS: Final = (
    r"pass(?:word|wd|phrase|code)|pwd|token|secret|api[_\- ]?key|access[_\- ]?key"
    r"|private[_\- ]?key|authori[sz]ation|credential|cookie|signature"
)
_FIELD: Final = re.compile(
    rf"{_WORDS}|^(?:x[_\- ])?(?:auth|key|pin|code|login|user|user[_\- ]?name|e?mail)$",
    re.IGNORECASE,
)
"""Names of fields whose values are always secret."""

_TEXTS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), rf"\g<kept>{REDACTED}")
    for pattern in (
        # https://user:password@host
        r"(?P<kept>\b[a-z][a-z0-9+.\-]*://)[^/\s\"'@]+(?=@)",
        # Authorization: Digest username="x", and Cookie: a=b; c=d
        (
            r"(?P<kept>\b(?:authori[sz]ation|cookie)\b\\?[\"']?\s*[:=]\s*)"
            r"(?:\\?\"[^\"\n]*\"|'[^'\n]*'|[^\n]+)"
        ),
        r"(?P<kept>\b(?:bearer|basic)\s+)[\w.~+/=\-]{6,}",
        # ?key=…&code=…
        r"(?P<kept>[?&;](?:auth|key|pin|code|login|user|sig|pw)=)[^&\s\"'#]+",
        # "password": "…", password=…, token: …
        (
            rf"(?P<kept>\b[\w\-]*(?:{_WORDS})[\w\-]*\\?[\"']?\s*[:=]\s*)"
            r"(?:\\?\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&}\"']+)"
        ),
        # --password … and -u user:password
        rf"(?P<kept>--?[\w\-]*(?:{_WORDS})[\w\-]*\s+)(?:\"[^\"]*\"|'[^']*'|\S+)",
        r"(?P<kept>(?:^|\s)(?:-u|--user)\s*)(?:\"[^\"]*\"|'[^']*'|\S+)",
        # A JSON Web Token needs no name.
        r"(?P<kept>\b)eyJ[\w\-]{6,}\.[\w\-]{6,}\.[\w\-]*",
    )
)


def redact(value: Any) -> Any:
    """Return data of any depth without its secrets."""
    if isinstance(value, Mapping):
        return {
            redact_text(str(key)): _redact_field(str(key), item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value


def _redact_field(key: str, value: Any) -> Any:
    if value not in (None, "") and _FIELD.search(key):
        return REDACTED
    return redact(value)


def redact_text(text: str) -> str:
    """Return a text without what looks like a secret."""
    for pattern, instead in _TEXTS:
        text = pattern.sub(instead, text)
    return text
