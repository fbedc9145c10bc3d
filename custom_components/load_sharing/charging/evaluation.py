"""What one evaluation of charging results in, for what publishes and explains it."""

from typing import NamedTuple

from .engine.decision import Decision
from .engine.mains import Mains
from .engine.model import ChargerInput, Circuit, PhaseVector
from .io.meter import MeterFault
from .store import TemporaryLimit


class Evaluation(NamedTuple):
    """The result of one evaluation.

    ``fault`` is also None while Home Assistant starts or stops, when the meter may be
    missing without a problem. ``alarmed``: no charger can be lowered any more.
    ``learned_silence_s``: the supply's meter is lost when it is silent for longer.
    """

    decision: Decision
    service_a: PhaseVector | None
    fault: MeterFault | None
    chargers: list[ChargerInput]
    circuits: tuple[Circuit, ...]
    limit_a: float
    usable_a: float
    mains: Mains
    temporary_limit: TemporaryLimit | None
    alarmed: bool
    learned_silence_s: float | None
