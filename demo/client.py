"""What the UI does, by the same interfaces: log in, and go through the flows."""

import time
from typing import Any

import httpx

from .folder import PASSWORD, USER

type Json = dict[str, Any]


class Client:
    """A logged-in user of a Home Assistant."""

    def __init__(self, url: str) -> None:
        """Log in."""
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=60)
        self.tokens = self._log_in()
        self._http.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"

    def _log_in(self) -> Json:
        client_id = f"{self.url}/"
        flow = self._post(
            "/auth/login_flow",
            {
                "client_id": client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": client_id,
            },
        )
        answer = self._post(
            f"/auth/login_flow/{flow['flow_id']}",
            {"client_id": client_id, "username": USER, "password": PASSWORD},
        )
        response = self._http.post(
            "/auth/token",
            data={
                "client_id": client_id,
                "grant_type": "authorization_code",
                "code": answer["result"],
            },
        )
        tokens: Json = response.raise_for_status().json()
        expires_ms = int((time.time() + tokens["expires_in"]) * 1000)
        return tokens | {
            "hassUrl": self.url,
            "clientId": client_id,
            "expires": expires_ms,
        }

    def state(self, entity_id: str) -> Json | None:
        """State of an entity."""
        response = self._http.get(f"/api/states/{entity_id}")
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        state: Json = response.raise_for_status().json()
        return state

    def wait_for(self, entity_id: str, within_s: float = 180) -> Json:
        """State of an entity, as soon as there is one that is known."""
        deadline_s = time.monotonic() + within_s
        while time.monotonic() < deadline_s:
            state = self.state(entity_id)
            if state and state["state"] not in ("unknown", "unavailable"):
                return state
            time.sleep(0.3)
        raise TimeoutError(f"{entity_id} has no state after {within_s:.0f} s")

    def history(self, entity_id: str) -> list[Json]:
        """States that the recorder kept of an entity today, with their attributes."""
        response = self._http.get(
            "/api/history/period",
            params={"filter_entity_id": entity_id, "significant_changes_only": "0"},
        )
        histories: list[list[Json]] = response.raise_for_status().json()
        return histories[0] if histories else []

    def call(self, domain: str, service: str, data: Json) -> None:
        """Run an action."""
        self._http.post(
            f"/api/services/{domain}/{service}", json=data
        ).raise_for_status()

    def entries(self, domain: str) -> list[Json]:
        """Config entries of an integration."""
        response = self._http.get(
            "/api/config/config_entries/entry", params={"domain": domain}
        )
        entries: list[Json] = response.raise_for_status().json()
        return entries

    def remove(self, entry_id: str) -> None:
        """Remove a config entry."""
        self._http.delete(
            f"/api/config/config_entries/entry/{entry_id}"
        ).raise_for_status()

    def start_flow(self, handler: str | list[str]) -> Json:
        """Begin to add an integration, or a subentry: [entry ID, type]."""
        kind = "flow" if isinstance(handler, str) else "subentries/flow"
        return self._post(f"/api/config/config_entries/{kind}", {"handler": handler})

    def go_on(self, flow: Json, entered: Json) -> Json:
        """Submit one form of a flow; raises ValueError with what it complains of."""
        kind = "flow" if isinstance(flow["handler"], str) else "subentries/flow"
        result = self._post(
            f"/api/config/config_entries/{kind}/{flow['flow_id']}",
            _fold(flow.get("data_schema") or [], entered),
        )
        if result.get("errors"):
            raise ValueError(str(result["errors"]))
        return result

    def _post(self, path: str, body: Json) -> Json:
        answer: Json = self._http.post(path, json=body).raise_for_status().json()
        return answer


def _fold(form: list[Json], entered: Json) -> Json:
    """What is entered by field, as a form takes it that folds fields into sections."""
    folded = dict(entered)
    for part in form:
        if part.get("type") == "expandable" and part["name"] not in entered:
            fields = [field["name"] for field in part["schema"]]
            folded[part["name"]] = {
                field: folded.pop(field) for field in fields if field in folded
            }
    return folded
