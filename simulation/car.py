"""A car on a charger: obeys late, takes no more than it can, tapers, pauses."""

from dataclasses import dataclass, field
from enum import StrEnum

MIN_CURRENT_A = 6.0
"""Least current that a charger can offer (IEC 61851-1)."""

TAPER_FROM = 0.85
"""State of charge from which a car takes less and less."""


class Status(StrEnum):
    """Status words of OCPP 1.6."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"


@dataclass(slots=True)
class Car:
    """A battery that can take so much current per phase."""

    cap_a: float = 32.0
    battery_kwh: float = 60.0
    charge: float = 0.4
    """State of charge, 0..1."""
    pauses: bool = False
    """The car itself does not want to charge now."""
    phases: int = 3
    """How many phases it charges on, if the charger has so many."""

    def acceptance_a(self) -> float:
        """Current per phase the car would take if offered."""
        if self.pauses or self.charge >= 1.0:
            return 0.0
        if self.charge <= TAPER_FROM:
            return self.cap_a
        left = (1.0 - self.charge) / (1.0 - TAPER_FROM)
        return max(MIN_CURRENT_A, self.cap_a * left)


@dataclass(slots=True)
class ChargePoint:
    """A charger on some phases of the house, with or without a car.

    ``phases``: those that its L1, L2 and L3 are wired to. A car of one phase
    charges on its L1, wherever that is.

    What it is told comes into force after ``lag_s``; then the car moves to the
    new current by ``slope_a_per_s``.
    """

    phases: tuple[int, ...] = (0,)
    max_a: float = 32.0
    lag_s: float = 2.0
    slope_a_per_s: float = 10.0
    car: Car | None = None
    parked: Car | None = None
    """A car beside it, that is not plugged in."""
    enabled: bool = True
    limit_a: float = MIN_CURRENT_A
    current_a: float = 0.0
    """On each phase that the car charges on."""
    _orders: list[tuple[float, float, bool]] = field(default_factory=list)
    _last_s: float | None = None
    _limit_in_force_a: float = MIN_CURRENT_A
    _enabled_in_force: bool = True

    def set_limit(self, limit_a: float, now_s: float) -> None:
        """Tell the charger its current."""
        self.limit_a = min(max(0.0, limit_a), self.max_a)
        self._order(now_s)

    def set_enabled(self, enabled: bool, now_s: float) -> None:
        """Let the charger charge, or pause it."""
        self.enabled = enabled
        self._order(now_s)

    def _order(self, now_s: float) -> None:
        self._orders.append((now_s + self.lag_s, self.limit_a, self.enabled))

    def plug_in(self, *, plugged_in: bool) -> None:
        """Plug the car in, or park it beside."""
        if plugged_in and self.car is None:
            self.car, self.parked = self.parked or Car(), None
        elif not plugged_in and self.car is not None:
            self.car, self.parked = None, self.car

    @property
    def used_phases(self) -> tuple[int, ...]:
        """Phases of the house that the car charges on."""
        return self.phases[: self.car.phases] if self.car is not None else ()

    @property
    def currents_a(self) -> tuple[float, ...]:
        """Current on its L1, L2 and L3, as far as it has them."""
        used = len(self.used_phases)
        return tuple(
            self.current_a if index < used else 0.0 for index in range(len(self.phases))
        )

    @property
    def offered_a(self) -> float:
        """Current the charger offers to the car."""
        if not self._enabled_in_force or self._limit_in_force_a < MIN_CURRENT_A:
            return 0.0
        return self._limit_in_force_a

    @property
    def status(self) -> Status:
        """What the charger says of itself."""
        if self.car is None:
            return Status.AVAILABLE
        if self.car.charge >= 1.0:
            return Status.FINISHING
        if self.current_a > 0:
            return Status.CHARGING
        if self.offered_a == 0:
            return Status.SUSPENDED_EVSE
        return Status.SUSPENDED_EV if self.car.pauses else Status.PREPARING

    def step(self, now_s: float, voltage_v: float) -> float:
        """Move on to ``now_s``; current in A on each phase the car uses."""
        while self._orders and self._orders[0][0] <= now_s:
            _, self._limit_in_force_a, self._enabled_in_force = self._orders.pop(0)
        passed_s = 0.0 if self._last_s is None else now_s - self._last_s
        self._last_s = now_s
        target_a = 0.0
        if self.car is not None:
            target_a = min(self.offered_a, self.car.acceptance_a())
        if target_a == 0:
            self.current_a = 0.0
        else:
            change_a = self.slope_a_per_s * max(passed_s, 0.0)
            low_a, high_a = self.current_a - change_a, self.current_a + change_a
            self.current_a = min(max(target_a, low_a), high_a)
        if self.car is not None:
            energy_kwh = (
                self.current_a * voltage_v * len(self.used_phases) * passed_s / 3.6e6
            )
            self.car.charge = min(
                1.0, self.car.charge + energy_kwh / self.car.battery_kwh
            )
        return self.current_a
