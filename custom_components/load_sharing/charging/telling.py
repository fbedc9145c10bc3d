"""Explains what happens to the chargers: hands each evaluation to the story."""

from collections.abc import Mapping

from ..site.host import Host
from ..site.moment import Moment
from .charger import ManagedCharger
from .circuits import Circuits
from .engine.measurement import likely_draw
from .engine.model import ChargerInput
from .evaluation import Evaluation
from .moment import Car, ChargingStory, Seen, follow
from .store import ChargingStore


class Teller:
    """Follows the story of a site's chargers."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        chargers: Mapping[str, ManagedCharger],
        circuits: Circuits,
    ) -> None:
        """Start with nothing to explain."""
        self._host = host
        self._store = store
        self._chargers = chargers
        self._circuits = circuits
        self._story = ChargingStory()

    @property
    def due_s(self) -> float | None:
        """When time alone may change the moment, on the loop's clock."""
        return self._story.story.due_s

    @property
    def moment(self) -> Moment:
        """What happens."""
        return self._story.moment

    def follow(self, evaluation: Evaluation) -> None:
        """Go on with an evaluation that is published."""
        seen = Seen(
            now_s=self._host.hass.loop.time(),
            decision=evaluation.decision,
            cars=[
                self._car(charger, charger_input, evaluation)
                for charger, charger_input in zip(
                    self._chargers.values(), evaluation.chargers, strict=True
                )
            ],
            service_a=evaluation.service_a,
            limit_a=evaluation.limit_a,
            enabled=self._store.enabled,
            shadow=self._store.shadow,
            meter_lost=evaluation.fault is not None,
            alarmed=evaluation.alarmed,
        )
        self._story = follow(self._story, seen)

    def _car(
        self,
        charger: ManagedCharger,
        charger_input: ChargerInput,
        evaluation: Evaluation,
    ) -> Car:
        """Return a charger as it was before the decision."""
        charger_id, before_a = (
            charger.config.charger_id,
            charger_input.command.in_force_a,
        )
        decision = evaluation.decision.chargers[charger_id]
        draw = charger_input.draw
        return Car(
            charger_id=charger_id,
            name=charger.config.name,
            before_a=before_a,
            charging=charger_input.charging,
            phases=charger_input.settings.phases,
            draw_a=None if draw is None else likely_draw(draw, before_a or 0.0),
            waiting=bool(charger.waiting),
            problem=charger.has_problem,
            circuit=self._circuits.name_of(decision.circuit_id),
        )
