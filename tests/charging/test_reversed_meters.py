"""Meters that run backwards: a clamp the wrong way round, or a sign entered so."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import (
    CHARGER,
    DRAW,
    METERS,
    NUMBER,
    SUPPLY,
    THREE_PHASES,
    Car,
    House,
)

SUPPLY_25_A = {"limit_a": 25.0}


def found(hass: HomeAssistant) -> dict[str, Any]:
    """Return the placeholders of the repair; empty if there is none."""
    for issue in ir.async_get(hass).issues.values():
        if issue.translation_key == "meter_reversed":
            return dict(issue.translation_placeholders or {})
    return {}


async def live(
    house: House, car: Car, seconds: int, base_a: float, *, sign: int = -1
) -> list[float]:
    """Return what flows, while the meter shows it the wrong way round or not."""
    flows_a = []
    for _ in range(seconds):
        await house.wait(1)
        flows_a.append(base_a + car.draw_a)
        await house.measure(sign * flows_a[-1])
    return flows_a


async def test_an_overload_is_corrected_all_the_same(
    hass: HomeAssistant, house: House
) -> None:
    """The car rises to 16 A beside 5 A. Then the house takes 18 of 25 A.

    After the clamp was turned round, it counts as it is again.
    """
    house.number.show(0)
    await house.measure(-5)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    car = Car(hass, NUMBER)
    await live(house, car, 130, 5)
    assert found(hass) == {"part": "Home", "meter": METERS[0]}
    flows_a = await live(house, car, 60, 18)
    assert sum(flow_a > 25 for flow_a in flows_a) <= 2
    assert car.draw_a >= 6
    for _ in range(3):
        await live(house, car, 30, 18, sign=1)
        await live(house, car, 200, 5, sign=1)
        assert car.draw_a == 16
    assert not found(hass)


@pytest.mark.parametrize("measured", [False, True])
async def test_one_clamp_of_three(
    hass: HomeAssistant, house: House, measured: bool
) -> None:
    """That of L2 is turned. The car uses three phases, and L2 carries 14 A later."""
    house.number.show(0)
    await house.measure(5, -6, 5)
    charger: dict[str, Any] = {"phases": ["l1", "l2", "l3"], "max_current_a": 16.0}
    draws = [DRAW, f"{DRAW}_l2", f"{DRAW}_l3"]
    if measured:
        keys = ("draw_entity", "draw_l2_entity", "draw_l3_entity")
        charger |= dict(zip(keys, draws, strict=True))
    await house.set_up(supply=THREE_PHASES | SUPPLY_25_A, charger=charger)
    car = Car(hass, NUMBER)
    over = 0
    for second in range(180):
        await house.wait(1)
        drawn_a, l2_a = car.draw_a, 6 if second < 90 else 14
        if measured:
            for entity_id in draws:
                await house.set_state(entity_id, drawn_a, "A")
        await house.measure(5 + drawn_a, -(l2_a + drawn_a), 5 + drawn_a)
        over += l2_a + drawn_a > 25
    assert found(hass)["meter"] == METERS[1]
    assert over <= 2
    assert car.draw_a == 11


async def test_the_meter_of_a_circuit(hass: HomeAssistant, house: House) -> None:
    """It is turned; that of the supply is not."""
    meter = "sensor.garage_meter"
    house.number.show(0)
    await house.measure(4)
    await house.set_state(meter, -1, "A")
    circuit = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": meter}
    await house.set_up(
        supply=SUPPLY,
        charger=CHARGER | {"circuit": "garage", "max_current_a": 16.0},
        circuits={"garage": circuit},
    )
    car = Car(hass, NUMBER)
    over = 0
    for second in range(180):
        await house.wait(1)
        flow_a = car.draw_a + (1 if second < 90 else 9)
        await house.set_state(meter, -flow_a, "A")
        await house.measure(3 + flow_a)
        over += flow_a > 20
    assert found(hass)["meter"] == meter
    assert over <= 2


class TestAfterARestart:
    """What was found is still known, as long as the same meters are set up alike."""

    async def reload(
        self, hass: HomeAssistant, house: House, *, sign: str | None = None
    ) -> None:
        """Find the meter reversed, and reload the site while the car has 16 A."""
        house.number.show(0)
        await house.measure(-5)
        entry = await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
        car = Car(hass, NUMBER)
        await live(house, car, 300, 5)
        assert found(hass)
        assert car.draw_a == 16
        assert await hass.config_entries.async_unload("site")
        if sign is not None:
            supply = entry.data["supply"] | {"export_sign": sign}
            hass.config_entries.async_update_entry(entry, data={"supply": supply})
        await hass.config_entries.async_setup("site")
        await hass.async_block_till_done()

    async def test_an_overload_is_seen_at_once(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The house takes 18 of 25 A right after it."""
        await self.reload(hass, house)
        flows_a = await live(house, Car(hass, NUMBER), 60, 18)
        assert found(hass)["meter"] == METERS[0]
        assert sum(flow_a > 25 for flow_a in flows_a) <= 2
        assert flows_a[-1] >= 24

    async def test_it_is_taken_back_as_before(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The clamp was turned round meanwhile, and steps show it: also for later."""
        await self.reload(hass, house)
        car = Car(hass, NUMBER)
        for _ in range(3):
            await live(house, car, 30, 18, sign=1)
            await live(house, car, 200, 5, sign=1)
        assert not found(hass)
        assert await hass.config_entries.async_reload("site")
        await house.measure(5)
        assert not found(hass)

    async def test_another_sign_begins_anew(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Export is positive now, as the meter shows it, and needs no repair."""
        await self.reload(hass, house, sign="positive")
        flows_a = await live(house, Car(hass, NUMBER), 60, 18)
        assert not found(hass)
        assert sum(flow_a > 25 for flow_a in flows_a) <= 2


@pytest.mark.parametrize(
    "other", [{"charger": "sold"}, {"phases": [1]}, {"circuit": "yard"}]
)
async def test_what_no_charger_could_take_back_is_not_kept(
    hass: HomeAssistant,
    house: House,
    hass_storage: dict[str, Any],
    other: dict[str, Any],
) -> None:
    """The charger is gone, or was moved to another phase or off a circuit."""
    house.number.show(0)
    await house.measure(-5)
    entry = await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    await live(house, Car(hass, NUMBER), 130, 5)
    assert await hass.config_entries.async_unload("site")
    stored = hass_storage["load_sharing.site"]["data"]["chargers"]["supply"]["reversed"]
    assert [one["circuit"] for one in stored["found"]] == [""]
    stored["found"][0].update(other)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await house.measure(-5)
    assert not found(hass)
