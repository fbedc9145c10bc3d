"""A heated room: its air, its walls, its radiator, and the valve on it."""

from dataclasses import dataclass, field

WATER_J_KGK = 4186.0
NOMINAL_DROP_K = 12.0
RATED_EXCESS_K = 50.0
DEAD_BAND = 0.05
STROKE_S = 60.0
GAINS_W = 30.0


@dataclass(slots=True)
class Valve:
    """A radiator valve that takes its time. Openings are 0 to 1."""

    target: float = 0.0
    opening: float = 0.0
    moves: int = 0

    def set_target(self, opening: float) -> None:
        """Command an opening; counts as a move if it is another one."""
        if abs(opening - self.target) > 0.005:
            self.target = opening
            self.moves += 1

    def step(self, dt_s: float) -> None:
        """Move on; a full stroke takes a minute."""
        way = self.target - self.opening
        most = dt_s / STROKE_S
        self.opening += max(-most, min(most, way))

    @property
    def flow(self) -> float:
        """Share of the nominal flow, 0 to 1: most of it is there half open."""
        lift = (self.opening - DEAD_BAND) / (1 - DEAD_BAND)
        if lift <= 0:
            return 0.0
        return lift / (lift + 0.35 * (1 - lift))


@dataclass(slots=True)
class Radiator:
    """A radiator with its water, as one node (EN 442 emission).

    ``q50_w`` is its rating at 50 K over the room, ``return_c`` its outlet.
    """

    q50_w: float
    exponent: float = 1.3
    return_c: float = 20.0

    @property
    def heat_j_k(self) -> float:
        """Heat capacity of water and steel."""
        return self.q50_w / 1000 * (3.6 * WATER_J_KGK + 18 * 490)

    @property
    def nominal_flow_kg_s(self) -> float:
        """Flow that cools down by 12 K at the rating."""
        return self.q50_w / (WATER_J_KGK * NOMINAL_DROP_K)

    def step(
        self, dt_s: float, flow_kg_s: float, supply_c: float, room_c: float
    ) -> float:
        """Heat given to the room in W."""
        mean_c = (supply_c + self.return_c) / 2 if flow_kg_s > 0 else self.return_c
        excess_k = mean_c - room_c
        emitted_w = (
            self.q50_w * (excess_k / RATED_EXCESS_K) ** self.exponent
            if excess_k > 0
            else 0.0
        )
        gained_w = flow_kg_s * WATER_J_KGK * (supply_c - self.return_c)
        self.return_c += (gained_w - emitted_w) * dt_s / self.heat_j_k
        return emitted_w


@dataclass(slots=True)
class Room:
    """Air and walls as two nodes. ``ua_w_k`` is its loss to the outside."""

    name: str
    radiator: Radiator
    ua_w_k: float
    air_j_k: float
    walls_j_k: float
    air_c: float = 18.0
    walls_c: float = 17.0
    valve: Valve = field(default_factory=Valve)

    @property
    def flow_kg_s(self) -> float:
        """Water through the radiator while the pump runs."""
        return self.valve.flow * self.radiator.nominal_flow_kg_s

    def step(
        self, dt_s: float, flow_kg_s: float, supply_c: float, outdoor_c: float
    ) -> float:
        """Move on; heat given to the room in W."""
        heat_w = self.radiator.step(dt_s, flow_kg_s, supply_c, self.air_c)
        inner_w = 6 * self.ua_w_k * (self.air_c - self.walls_c)
        air_loss_w = 0.35 * self.ua_w_k * (self.air_c - outdoor_c)
        wall_loss_w = 0.65 * self.ua_w_k * (self.walls_c - outdoor_c)
        air_w = 0.75 * heat_w + GAINS_W - inner_w - air_loss_w
        self.air_c += air_w * dt_s / self.air_j_k
        self.walls_c += (0.25 * heat_w + inner_w - wall_loss_w) * dt_s / self.walls_j_k
        return heat_w
