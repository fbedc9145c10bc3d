"""How a supply is wired, and so what a power is in amperes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt


class Wiring(StrEnum):
    """What the voltage of a supply lies between.

    With a neutral, it is between a phase and the neutral, and a two-wire supply counts
    as one phase. Without one, it is between two of three phases (3 x 230 V). A split
    phase is two legs of a transformer with its middle as the neutral (120/240 V), and
    the voltage is that of one leg.
    """

    NEUTRAL = "neutral"
    NO_NEUTRAL = "no_neutral"
    SPLIT_PHASE = "split_phase"


@dataclass(frozen=True, slots=True)
class Mains:
    """The wiring of a supply, its voltage, and the phases that are measured.

    A load between two phases flows through both, and so counts on both.
    """

    wiring: Wiring
    voltage_v: float
    phases: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of phases up to the last one that is measured."""
        return self.phases[-1] + 1

    @property
    def phase_v(self) -> float:
        """Voltage that a power of one phase is divided by.

        Without a neutral, that is the voltage to the middle of the three phases.
        """
        if self.wiring is Wiring.NO_NEUTRAL:
            return self.voltage_v / sqrt(3)
        return self.voltage_v

    def volts(self, phases: int) -> float:
        """Return the power in W of a load that takes 1 A from each of so many phases.

        Without a neutral, three phases are sqrt(3) times the voltage between two.
        """
        if self.wiring is Wiring.NO_NEUTRAL and phases == 2:
            return self.voltage_v
        return self.phase_v * phases

    @property
    def total_v(self) -> float:
        """Power in W of the whole supply at 1 A on each of its phases."""
        if self.wiring is Wiring.NO_NEUTRAL:
            return self.volts(3)
        return self.volts(len(self.phases))

    @property
    def sum_v(self) -> float:
        """Greatest power in W for each ampere in the sum of the measured phases.

        The power of three wires is that of two wattmeters (Aron), so two phases without
        a neutral carry no more than this.
        """
        if self.wiring is Wiring.NO_NEUTRAL and len(self.phases) == 2:
            return self.voltage_v
        return self.phase_v

    def sum_of(self, currents_a: Sequence[float]) -> float:
        """Return what a load adds to the sum of all phases, as their total power shows.

        Without a neutral, what all three phases share adds three times itself, and the
        rest lies between two of them.
        """
        if self.wiring is not Wiring.NO_NEUTRAL:
            return sum(currents_a)
        shared_a = min(currents_a) if len(currents_a) > 2 else 0.0
        between_two_a = max(currents_a) - shared_a
        return 3 * shared_a + sqrt(3) * between_two_a

    def loads(self, wired: int) -> dict[int, float]:
        """Return what a car may use of a charger that is wired to so many phases.

        For each possible number of phases, that is the power of 1 A on each of them, as
        a multiple of that of one phase. A car needs two where no phase has a neutral
        beside it; of a split phase it uses both.
        """
        least = 1 if self.wiring is Wiring.NEUTRAL else min(2, wired)
        return {
            count: self.volts(count) / self.phase_v for count in range(least, wired + 1)
        }
