"""A gas boiler that cannot burn low enough, and the water it heats."""

from dataclasses import dataclass

from .room import WATER_J_KGK

PRIMARY_J_K = 13 * WATER_J_KGK + 6 * 490
LEAST_FLOW_KG_S = 0.097
"""A bypass lets so much water through, however many valves are shut."""

MIN_OFF_S = 180.0
SETTLE_S = 60.0
RAMP_W_S = 60.0
ON_BELOW_K = 5.0
OFF_ABOVE_K = (8.0, 6.0, 4.0)
"""Overshoot allowed in the first, second and any later minute of a burn."""
START_LOSS_J = 60e3
STANDING_LOSS_W_K = 1.5
DHW_W = 12000.0
DHW_FLOW_C = 60.0
"""Flow that tap water is heated with, whatever the radiators are to have."""


def efficiency(return_c: float) -> float:
    """Share of the gas that heats the water; condensing below 55 °C."""
    if return_c > 55:
        return 0.90
    return 0.975 - 0.0022 * (return_c - 30)


@dataclass(slots=True)
class Boiler:
    """Burner and primary water. ``setpoint_c`` is what the flow is to be."""

    setpoint_c: float = 55.0
    min_w: float = 6000.0
    max_w: float = 14000.0
    flow_c: float = 20.0
    return_c: float = 20.0
    burner_on: bool = False
    power_w: float = 0.0
    dhw: bool = False
    starts: int = 0
    gas_j: float = 0.0
    heat_j: float = 0.0
    _burn_s: float = 0.0
    _off_s: float = MIN_OFF_S

    def step(
        self,
        dt_s: float,
        *,
        call: bool,
        pump: bool,
        flow_kg_s: float,
        radiators_c: float,
        room_c: float = 20.0,
    ) -> None:
        """Move on with the water that comes back from the radiators at ``radiators_c``."""
        self._control(dt_s, call=call, flow_kg_s=flow_kg_s)
        gained_w = self.power_w
        if self.dhw:
            # Tap water takes it all; the radiators get none.
            taken_w = DHW_W * min(1.0, max(0.0, (self.flow_c - 45) / 10))
            self.return_c = self.flow_c - taken_w / (LEAST_FLOW_KG_S * WATER_J_KGK)
            gained_w -= taken_w
        elif pump:
            total_kg_s = max(flow_kg_s, LEAST_FLOW_KG_S)
            share = flow_kg_s / total_kg_s
            self.return_c = share * radiators_c + (1 - share) * self.flow_c
            gained_w += total_kg_s * WATER_J_KGK * (self.return_c - self.flow_c)
        gained_w -= STANDING_LOSS_W_K * (self.flow_c - room_c)
        self.flow_c += gained_w * dt_s / PRIMARY_J_K
        self.heat_j += self.power_w * dt_s
        self.gas_j += self.power_w / efficiency(self.return_c) * dt_s

    def _control(self, dt_s: float, *, call: bool, flow_kg_s: float) -> None:
        wanted = call or self.dhw
        target_c = DHW_FLOW_C if self.dhw else self.setpoint_c
        if not self.burner_on:
            self._off_s += dt_s
            cold = self.flow_c <= target_c - ON_BELOW_K
            if wanted and cold and self._off_s >= MIN_OFF_S:
                self.burner_on, self._burn_s = True, 0.0
                self.power_w = self.min_w
                self.starts += 1
                self.gas_j += START_LOSS_J
            return
        self._burn_s += dt_s
        minute = min(int(self._burn_s // 60), len(OFF_ABOVE_K) - 1)
        if not wanted or self.flow_c >= target_c + OFF_ABOVE_K[minute]:
            self.burner_on, self.power_w, self._off_s = False, 0.0, 0.0
            return
        if self._burn_s > SETTLE_S:
            total_kg_s = max(flow_kg_s, LEAST_FLOW_KG_S)
            demand_w = total_kg_s * WATER_J_KGK * (target_c - self.return_c)
            most = RAMP_W_S * dt_s
            change_w = max(-most, min(most, demand_w - self.power_w))
            self.power_w = max(self.min_w, min(self.max_w, self.power_w + change_w))
