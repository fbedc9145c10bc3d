"""What charging keeps across restarts: a typed view of its part of the site's store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from homeassistant.util import dt as dt_util

from ..const import OWNER_SUPPLY
from ..site.storage.store import SAVE_DELAY_S, SiteStore
from .config import ChargerConfig
from .engine.commissioning import Outcome, TrialFindings
from .engine.silence import Silence
from .engine.tally import ChargerTally, Tally
from .engine.week import Week


@dataclass(frozen=True, slots=True)
class TemporaryLimit:
    """A current in A that was set as a limit. Without ``until`` it does not expire."""

    current_a: float
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastCommand:
    """The current last sent to a charger, in A.

    Unless it is ``confirmed``, the charger may have any other.
    """

    current_a: float
    confirmed: bool


class _TestData(TypedDict):
    """The stored findings of a charger test."""

    outcome: str
    latency_s: float | None
    follow_s: float | None
    error_a: float | None
    took_all: bool | None


class _SilenceData(TypedDict):
    """What is stored of the silences of a meter's sensor."""

    days_s: list[float]
    longest_s: float
    observed_s: float


class _ReversedData(TypedDict):
    """What is stored of meters that run backwards, as the meters were set up then."""

    meters: str
    found: list[_ReversedMeterData]


class _ReversedMeterData(TypedDict):
    """The phases on which a charger has shown that a meter runs backwards."""

    circuit: str
    charger: str
    phases: list[int]


type ReversedPhases = dict[tuple[str, str], frozenset[int]]
"""Phases that meters show the wrong way round, by circuit and charger."""


class _ChargerData(TypedDict, total=False):
    """What is stored of a charger; of the supply the limit and what was counted."""

    limit_a: float
    limit_until: str | None
    current_a: float
    confirmed: bool
    hand_a: float
    hand_until: str
    test: _TestData
    never_pauses: str
    energy_kwh: float
    session_kwh: float
    idle_since: float | None
    corrected: int
    corrected_today: int
    peak_a: float | None
    day: str
    week: str
    week_since: str
    week_corrected: int
    week_peak_a: float | None
    week_kwh: float
    silences: dict[str, _SilenceData]
    reversed: _ReversedData


class ChargingStore:
    """Switches, limits, last commands and test results."""

    def __init__(self, store: SiteStore) -> None:
        """Wrap the store of the site."""
        self._store = store

    @property
    def enabled(self) -> bool:
        """Whether balancing is switched on."""
        enabled: bool = self._store.values["enabled"]
        return enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._store.values["enabled"] = value
        self._store.changed(("enabled",))

    @property
    def shadow(self) -> bool:
        """Whether decisions are only shown, and nothing is sent."""
        shadow: bool = self._store.values["shadow"]
        return shadow

    @shadow.setter
    def shadow(self, value: bool) -> None:
        self._store.values["shadow"] = value
        self._store.changed(("shadow",))

    def tuning(self, owner: str) -> dict[str, float]:
        """Return the changed tuning values of the supply, a circuit or a charger."""
        return self._store.tuning(owner)

    def limit(self, owner: str) -> TemporaryLimit | None:
        """Return the temporary limit of a charger or the supply."""
        data = self._charger(owner)
        if "limit_a" not in data:
            return None
        until = data.get("limit_until")
        return TemporaryLimit(
            data["limit_a"], dt_util.parse_datetime(until) if until else None
        )

    def set_limit(self, owner: str, limit: TemporaryLimit | None) -> None:
        """Set or remove the temporary limit of a charger or the supply."""
        data = self._charger(owner)
        if limit is None:
            data.pop("limit_a", None)
            data.pop("limit_until", None)
        else:
            data["limit_a"] = limit.current_a
            data["limit_until"] = limit.until.isoformat() if limit.until else None
        self._charger_changed(owner, "limit_a", "limit_until")

    def hand_limit(self, charger_id: str) -> TemporaryLimit | None:
        """Return the limit that follows from a current that was set by hand."""
        data = self._charger(charger_id)
        if "hand_a" not in data:
            return None
        return TemporaryLimit(
            data["hand_a"], dt_util.parse_datetime(data["hand_until"])
        )

    def set_hand_limit(
        self, charger_id: str, current_a: float | None, until: datetime
    ) -> None:
        """Set the hand limit in A until a time; None removes it."""
        data = self._charger(charger_id)
        if current_a is not None:
            data["hand_a"] = current_a
            data["hand_until"] = until.isoformat()
        elif data.pop("hand_a", None) is not None:
            data.pop("hand_until", None)
        self._charger_changed(charger_id, "hand_a", "hand_until")

    def test_findings(self, charger_id: str) -> TrialFindings:
        """Return what the last test of the charger found."""
        if (found := self._charger(charger_id).get("test")) is None:
            return TrialFindings()
        return TrialFindings(
            Outcome(found["outcome"]),
            found["latency_s"],
            found["follow_s"],
            found["error_a"],
            found["took_all"],
        )

    def set_test_findings(self, charger_id: str, findings: TrialFindings) -> None:
        """Store what a test found."""
        self._charger(charger_id)["test"] = {
            "outcome": findings.outcome.value,
            "latency_s": findings.latency_s,
            "follow_s": findings.follow_s,
            "error_a": findings.error_a,
            "took_all": findings.took_all,
        }
        self._charger_changed(charger_id, "test")

    def never_pauses(self, charger: ChargerConfig) -> bool:
        """Return whether a charger, controlled as it is now, never gets a pause."""
        found = self._charger(charger.charger_id).get("never_pauses")
        return found == repr(charger.control)

    def set_never_pauses(self, charger: ChargerConfig) -> None:
        """Store that pauses do not work with the charger's present control."""
        self._charger(charger.charger_id)["never_pauses"] = repr(charger.control)
        self._charger_changed(charger.charger_id, "never_pauses")

    def last_command(self, charger_id: str) -> LastCommand | None:
        """Return the current last sent to the charger."""
        data = self._charger(charger_id)
        if "current_a" not in data:
            return None
        return LastCommand(data["current_a"], data.get("confirmed", False))

    def set_last_command(self, charger_id: str, command: LastCommand) -> None:
        """Store the current that was sent to the charger, if it is new."""
        if command != self.last_command(charger_id):
            data = self._charger(charger_id)
            data["current_a"] = command.current_a
            data["confirmed"] = command.confirmed
            # Without delay, as after a crash only what is on disk is known.
            self._charger_changed(charger_id, "current_a", "confirmed", delay_s=0)

    def tally(self, charger_ids: Iterable[str], offset_s: float) -> Tally:
        """Return what was counted until the site stopped.

        ``offset_s`` is what the wall clock is ahead of the clock of the counts.
        """
        site = self._charger(OWNER_SUPPLY)
        chargers = {}
        for charger_id in charger_ids:
            data = self._charger(charger_id)
            idle_since = data.get("idle_since")
            chargers[charger_id] = ChargerTally(
                idle_since_s=None if idle_since is None else idle_since - offset_s,
                energy_kwh=data.get("energy_kwh", 0.0),
                session_kwh=data.get("session_kwh", 0.0),
            )
        return Tally(
            chargers=chargers,
            corrected=site.get("corrected", 0),
            corrected_today=site.get("corrected_today", 0),
            peak_a=site.get("peak_a"),
            day=site.get("day", ""),
        )

    def save_tally(self, tally: Tally, offset_s: float) -> None:
        """Set what was counted, to be stored with the week; ``offset_s`` as above."""
        for charger_id, counted in tally.chargers.items():
            data = self._charger(charger_id)
            data["energy_kwh"] = counted.energy_kwh
            data["session_kwh"] = counted.session_kwh
            idle_s = counted.idle_since_s
            data["idle_since"] = None if idle_s is None else idle_s + offset_s
        site = self._charger(OWNER_SUPPLY)
        site["corrected"], site["day"] = tally.corrected, tally.day
        site["corrected_today"], site["peak_a"] = tally.corrected_today, tally.peak_a

    def week(self, charger_ids: Iterable[str]) -> Week:
        """Return the week that is counted."""
        site = self._charger(OWNER_SUPPLY)
        return Week(
            monday=site.get("week", ""),
            since=site.get("week_since", ""),
            energy_kwh={
                charger_id: self._charger(charger_id).get("week_kwh", 0.0)
                for charger_id in charger_ids
            },
            corrected=site.get("week_corrected", 0),
            peak_a=site.get("week_peak_a"),
        )

    def save_week(self, week: Week) -> None:
        """Store the week that is counted, together with the other counts."""
        site = self._charger(OWNER_SUPPLY)
        site["week"], site["week_since"] = week.monday, week.since
        site["week_corrected"], site["week_peak_a"] = week.corrected, week.peak_a
        for charger_id, energy_kwh in week.energy_kwh.items():
            self._charger(charger_id)["week_kwh"] = energy_kwh
        self._store.changed()

    def silences(self) -> dict[str, Silence]:
        """Return what is known of the silences of the meters' sensors."""
        return {
            entity_id: Silence(
                days_s=tuple(data["days_s"]),
                longest_s=data["longest_s"],
                observed_s=data["observed_s"],
            )
            for entity_id, data in self._charger(OWNER_SUPPLY)
            .get("silences", {})
            .items()
        }

    def save_silences(self, silences: Mapping[str, Silence]) -> None:
        """Store what is known of the silences of the meters' sensors."""
        self._charger(OWNER_SUPPLY)["silences"] = {
            entity_id: {
                "days_s": [round(day_s, 1) for day_s in silence.days_s],
                "longest_s": round(silence.longest_s, 1),
                "observed_s": round(silence.observed_s, 1),
            }
            for entity_id, silence in silences.items()
        }
        self._charger_changed(OWNER_SUPPLY, "silences")

    def reversed(self, meters: str) -> ReversedPhases:
        """Return which meters run backwards, if it was found with the same ``meters``."""
        stored = self._charger(OWNER_SUPPLY).get("reversed")
        if stored is None or stored["meters"] != meters:
            return {}
        return {
            (one["circuit"], one["charger"]): frozenset(one["phases"])
            for one in stored["found"]
        }

    def set_reversed(self, meters: str, found: ReversedPhases) -> None:
        """Store which meters run backwards."""
        self._charger(OWNER_SUPPLY)["reversed"] = {
            "meters": meters,
            "found": [
                {"circuit": circuit, "charger": charger_id, "phases": sorted(phases)}
                for (circuit, charger_id), phases in found.items()
            ],
        }
        self._charger_changed(OWNER_SUPPLY, "reversed")

    def _charger(self, owner: str) -> _ChargerData:
        """Return the stored data of a charger or the supply, to be changed in place."""
        charger: _ChargerData = self._store.values["chargers"].setdefault(owner, {})
        return charger

    def _charger_changed(
        self, owner: str, *keys: str, delay_s: float = SAVE_DELAY_S
    ) -> None:
        """Note that values were changed, and save them after a delay."""
        paths = [("chargers", owner, key) for key in keys]
        self._store.changed(*paths, delay_s=delay_s)
