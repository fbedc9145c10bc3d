"""Converts the heating's counts to and from the record that outlasts a restart."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from .engine.balance import Balance
from .engine.context import LoadSharingContext
from .engine.days import Day, Days, compare_burner_time
from .engine.effect import Effect
from .engine.evaluate import HeatingState
from .engine.evidence import HISTORY_S, CyclingMonitor
from .engine.hold import HoldReason
from .engine.pace import Pace
from .engine.patience import Patience
from .engine.week import Week
from .store import HeatingRecord, WeekRecord

DAY_S = 86400.0


def has_counted(before: HeatingState, after: HeatingState) -> bool:
    """Return whether something has changed that must outlast a crash.

    A cooldown, a burner start or a judged activation was added, a day or a week has
    ended, a burn was measured, a hold began or ended, or a fallback room was locked out.
    """
    return (
        before.monitor.cooldowns_s != after.monitor.cooldowns_s
        or before.monitor.starts_s != after.monitor.starts_s
        or before.effect.activation_was_false != after.effect.activation_was_false
        or before.days.past != after.days.past
        or before.week.monday != after.week.monday
        or before.balance.ends_k_s != after.balance.ends_k_s
        or before.patience.since_s != after.patience.since_s
        or before.patience.yields_until_s != after.patience.yields_until_s
        or before.context.lockouts != after.context.lockouts
    )


def write_record(
    record: HeatingRecord, state: HeatingState, now_s: float, now: datetime
) -> None:
    """Write the counts to the record, with monotonic times as Unix timestamps."""
    offset_s = now.timestamp() - now_s
    record["cooldowns"] = [time_s + offset_s for time_s in state.monitor.cooldowns_s]
    record["starts"] = [time_s + offset_s for time_s in state.monitor.starts_s]
    effect = state.effect
    record["outcomes"] = list(effect.activation_was_false)
    record["sharing_s"] = effect.sharing_s
    _write_days(record, state.days)
    if (week := write_week(state.week)) is not None:
        record["week"] = week
    record["heat_capacities"] = list(state.balance.capacities_j_k)
    record["end_rates"] = list(state.balance.ends_k_s)
    record["factors"] = dict(state.balance.factors)
    record["warming"] = {
        room_id: pace.warming_k_h
        for room_id, pace in state.paces.items()
        if pace.warming_k_h is not None
    }
    record["cooling"] = {
        room_id: pace.cooling_k_h
        for room_id, pace in state.paces.items()
        if pace.cooling_k_h is not None
    }
    _write_hold(record, state.patience, offset_s)
    record["lockouts"] = {
        room_id: until_s + offset_s
        for room_id, until_s in state.context.lockouts.items()
    }


def _write_days(record: HeatingRecord, days: Days) -> None:
    """Write the days of the comparison, today last."""
    known = days.past if days.today is None else (*days.past, days.today)
    record["days"] = [
        {
            "day": day.day.isoformat(),
            "shares": day.shares,
            "burner_s": day.burner_s,
            "heating_s": day.heating_s,
            "cooldowns": day.cooldowns,
            "held_s": day.held_s,
            "known_s": day.known_s,
        }
        for day in known
    ]


def _read_days(record: HeatingRecord) -> Days:
    """Return the recorded days; the last may go on, if it is still today."""
    days = [
        Day(
            day=date.fromisoformat(day["day"]),
            shares=day["shares"],
            burner_s=day["burner_s"],
            heating_s=day["heating_s"],
            cooldowns=day["cooldowns"],
            held_s=day.get("held_s", 0.0),
            known_s=day.get("known_s", 0.0),
        )
        for day in record.get("days", [])
    ]
    if not days:
        return Days()
    past = tuple(days[:-1])
    return Days(today=days[-1], past=past, burner_time_change=compare_burner_time(past))


def write_week(week: Week) -> WeekRecord | None:
    """Return the record of a week; None before the first evaluation."""
    if week.monday is None or week.since is None:
        return None
    return {
        "monday": week.monday.isoformat(),
        "since": week.since.isoformat(),
        "cooldowns": week.cooldowns,
        "starts": week.starts,
        "burner_s": week.burner_s,
        "held_s": week.held_s,
        "known_s": week.known_s,
        "sharing_s": week.sharing_s,
    }


def read_week(week: WeekRecord | None) -> Week:
    """Return a recorded week. The one that is counted may have ended meanwhile."""
    if week is None:
        return Week()
    return Week(
        monday=date.fromisoformat(week["monday"]),
        since=date.fromisoformat(week["since"]),
        cooldowns=week["cooldowns"],
        starts=week["starts"],
        burner_s=week["burner_s"],
        held_s=week["held_s"],
        known_s=week["known_s"],
        sharing_s=week["sharing_s"],
    )


def _write_hold(record: HeatingRecord, patience: Patience, offset_s: float) -> None:
    """Write the hold of the burner, and until when the boiler is left alone."""
    since_s, yields_s = patience.since_s, patience.yields_until_s
    record["hold_since"] = None if since_s is None else since_s + offset_s
    record["hold_reason"] = patience.reason.value
    record["hold_spent"] = patience.is_spent
    record["hold_yields_until"] = None if yields_s is None else yields_s + offset_s


def read_record(
    record: HeatingRecord, now_s: float, now: datetime, *, resumes: bool
) -> HeatingState:
    """Return an initial state with the recorded counts, lock-outs and hold.

    Sharing starts afresh. If the site ``resumes``, a hold goes on with its own time, as
    long as the water is too hot.
    """
    warming, cooling = record.get("warming", {}), record.get("cooling", {})
    return HeatingState(
        context=LoadSharingContext(
            lockouts=_later_s(record.get("lockouts", {}), now_s, now)
        ),
        patience=_read_hold(record, now_s, now) if resumes else Patience(),
        balance=Balance(
            capacities_j_k=tuple(record.get("heat_capacities", [])),
            ends_k_s=tuple(record.get("end_rates", [])),
            factors=record.get("factors", {}),
        ),
        paces={
            room_id: Pace(
                warming_k_h=warming.get(room_id), cooling_k_h=cooling.get(room_id)
            )
            for room_id in warming.keys() | cooling.keys()
        },
        monitor=CyclingMonitor(
            cooldowns_s=_monotonic_s(record.get("cooldowns", []), now_s, now),
            starts_s=_monotonic_s(record.get("starts", []), now_s, now),
        ),
        effect=Effect(
            activation_was_false=tuple(record.get("outcomes", [])),
            sharing_s=record.get("sharing_s", 0.0),
        ),
        days=_read_days(record),
        week=read_week(record.get("week")),
    )


def _read_hold(record: HeatingRecord, now_s: float, now: datetime) -> Patience:
    """Return the recorded hold; none if it began in the future, or a day ago."""
    yields = {"": record.get("hold_yields_until") or 0.0}
    patience = Patience(
        is_spent=record.get("hold_spent", False),
        yields_until_s=_later_s(yields, now_s, now).get(""),
    )
    since = record.get("hold_since")
    reason = HoldReason(record.get("hold_reason") or HoldReason.NOT_NEEDED)
    if since is None or not reason.is_hold:
        return patience
    if not _monotonic_s([since], now_s, now):
        return patience
    return replace(
        patience,
        reason=reason,
        since_s=now_s - (now.timestamp() - since),
        since=datetime.fromtimestamp(since, tz=now.tzinfo),
    )


def _later_s(
    times: Mapping[str, float], now_s: float, now: datetime
) -> dict[str, float]:
    """Convert Unix timestamps; keep those within the next day."""
    ahead_s = {key: time - now.timestamp() for key, time in times.items()}
    return {
        key: now_s + left_s for key, left_s in ahead_s.items() if 0 < left_s <= DAY_S
    }


def _monotonic_s(times: list[float], now_s: float, now: datetime) -> tuple[float, ...]:
    """Convert Unix timestamps; drop those beyond the history, or in the future."""
    ages_s = (now.timestamp() - time for time in times)
    return tuple(now_s - age_s for age_s in ages_s if 0 <= age_s <= HISTORY_S)
