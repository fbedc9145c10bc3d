"""The diagnostics, which users publish in reports, contain no secrets."""

import json
from typing import Any

import pytest

from custom_components.load_sharing.site.redaction import redact

SECRET = "hunter2-Zx81"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4eXoxMjM0In0.c2lnbmF0dXJlLXNpZw"


@pytest.mark.parametrize(
    "text",
    [
        f"https://admin:{SECRET}@192.168.1.9/set?amps=16",
        f"rtsp://{SECRET}@host/x",
        f"mqtt://user:{SECRET}@broker:1883",
        f"http://box/set?amps=16&token={SECRET}",
        f"http://box/set?access_token={SECRET}&amps=16",
        f"http://box/set?API_KEY={SECRET}",
        f"http://box/set?key={SECRET}#top",
        f"http://box/set?x=1&pin={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"authorization=Token {SECRET}",
        f'Authorization: Digest username="x", response="{SECRET}"',
        f"bearer {SECRET}",
        f"Basic {SECRET}=",
        f'{{"amps": 16, "password": "{SECRET}"}}',
        f'{{"amps": {{{{ current_a }}}}, "api_key": "{SECRET}"}}',
        f"{{'auth_token': '{SECRET}'}}",
        json.dumps(json.dumps({"password": SECRET})),
        f"client_secret={SECRET}",
        f"curl -u admin:{SECRET} http://box",
        f"curl --user 'admin:{SECRET}' http://box",
        f"curl -H 'X-Api-Key: {SECRET}' http://box",
        f"wallbox --password {SECRET} --amps 16",
        f'wallbox --token "{SECRET}"',
        f"Cookie: session={SECRET}; path={SECRET}",
        f"401, body: {{'error': 'bad', 'passwd': '{SECRET}'}}",
        f"token {JWT} is expired",
        f'{{% set token = "{SECRET}" %}}{{{{ token }}}}',
    ],
)
def test_a_secret_in_a_text(text: str) -> None:
    """It is redacted at any depth of the data."""
    for data in (text, [text], {"data": {"payload": [text]}}, {text: 1}):
        shown = json.dumps(redact(data))
        assert SECRET not in shown
        assert JWT not in shown
        assert "REDACTED" in shown


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "Password",
        "wifi_passwd",
        "pwd",
        "token",
        "accessToken",
        "refresh_token",
        "api_key",
        "apiKey",
        "X-Api-Key",
        "client_secret",
        "Authorization",
        "auth",
        "key",
        "pin",
        "code",
        "username",
        "login",
        "email",
        "credentials",
        "Set-Cookie",
        "private-key",
    ],
)
@pytest.mark.parametrize("value", [SECRET, 1234, [SECRET], {"inner": SECRET}, True])
def test_a_secret_field(key: str, value: Any) -> None:
    """Its name marks it as secret, whatever its value."""
    assert redact({"data": [{key: value, "amps": 16}]}) == {
        "data": [{key: "**REDACTED**", "amps": 16}]
    }


@pytest.mark.parametrize(
    "data",
    [
        {"entity_id": "number.wallbox_current", "value": "{{ current_a }}"},
        {"topic": "wallbox/set", "payload": '{"amps": {{ current_a }}, "on": true}'},
        {"url": "http://192.168.1.9:8080/set?amps=16&phase=l1"},
        "The charger does not answer: timed out after 10 s",
        "number.token_ring is not available",
        {"password": "", "token": None},
        {"keypad": 1, "codec": "h264", "author": "me", "user_limit_a": 8},
        [1, 2.5, None, True],
    ],
)
def test_what_is_no_secret_stays(data: Any) -> None:
    """A report must still show what is wrong."""
    assert redact(data) == data
