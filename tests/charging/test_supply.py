"""The meters of the supply, and limits below its fuse."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from ..homes.forms import enter
from ..homes.house import METER, NUMBER, SUPPLY, THREE_PHASES, Car, House

EXPORT = "sensor.export"
LIMIT = "sensor.grid_limit"


async def test_a_separate_export_is_subtracted(house: House) -> None:
    """4 A are imported and 10 A exported, by separate sensors: -6 A."""
    await house.measure(4)
    await house.set_state(EXPORT, 10, "A")
    await house.set_up(supply={"export_sign": "separate", "export_l1": EXPORT})
    assert house.state("sensor.home_service_current") == "-6.0"
    await house.set_state(EXPORT, "unavailable", "A")
    assert house.state("binary_sensor.home_meter_problem") == "on"


async def test_an_outdated_export_frees_nothing(house: House) -> None:
    """The export froze at 10 A; now 30 A are imported, so 2 A are left and not 12 A."""
    await house.measure(0)
    await house.set_state(EXPORT, 10, "A")
    await house.set_up(supply={"export_sign": "separate", "export_l1": EXPORT})
    assert house.state("sensor.home_service_current") == "-10.0"
    await house.wait(30)
    await house.measure(30)
    assert house.state("sensor.home_service_current") == "30.0"
    assert house.state("sensor.home_headroom") == "2.0"


async def test_an_outdated_import_is_a_lost_meter(
    house: House,
) -> None:
    """The import froze at 5 A, while the export reports 0 A every 10 s."""
    await house.measure(5)
    await house.set_state(EXPORT, 0, "A")
    supply = {"export_sign": "separate", "export_l1": EXPORT}
    await house.set_up(supply=supply, options={"max_age_s": 30.0})
    for _ in range(4):
        await house.wait(10)
        await house.set_state(EXPORT, 0, "A")
    assert house.state("binary_sensor.home_meter_problem") == "on"


@pytest.mark.usefixtures("all_enabled")
async def test_a_total_is_spread_over_three_phases(house: House) -> None:
    """6.9 kW are 10 A on each phase, which leaves 22 A."""
    await house.set_state(METER, 6.9, "kW")
    await house.set_up(supply={"total": True}, charger={"phases": ["l1", "l2", "l3"]})
    assert house.state("sensor.home_service_current") == "10.0"
    assert house.state("sensor.home_service_current_l3") == "10.0"
    assert house.state("sensor.home_headroom") == "22.0"


@pytest.mark.usefixtures("all_enabled")
async def test_a_total_export_is_spread_too(house: House) -> None:
    """6 A imported and 30 A exported in all are -8 A on each phase."""
    await house.measure(6)
    await house.set_state(EXPORT, 30, "A")
    supply = {"export_sign": "separate", "export_l1": EXPORT, "total": True}
    await house.set_up(supply=supply, charger={"phases": ["l1"]})
    assert house.state("sensor.home_service_current_l2") == "-8.0"


@pytest.mark.parametrize(
    ("value", "unit", "leaves_a"), [(14, "A", 12), (3.22, "kW", 12), (0, "W", 0)]
)
async def test_an_external_limit_counts_at_once(
    house: House, value: float, unit: str, leaves_a: float
) -> None:
    """There are 2 A of other load, and the fuse has 32 A."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.set_state(LIMIT, "unknown", unit)
    await house.measure(22)
    await house.set_up(supply={"external_limit_entity": LIMIT})
    await house.live(10, 2, car)
    assert house.sent == [20]
    await house.set_state(LIMIT, value, unit)
    assert house.sent[-1] == leaves_a
    await house.live(10, 2, car)
    assert house.state("sensor.garage_limited_by") == "external_limit"


async def test_an_unreadable_external_limit_keeps_its_last_value(house: House) -> None:
    """Only an unknown state removes the limit."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.set_state(LIMIT, 14, "A")
    await house.measure(22)
    await house.set_up(supply={"external_limit_entity": LIMIT})
    for value in ("unavailable", "much", "nan"):
        await house.set_state(LIMIT, value, "A")
        await house.live(40, 2, car)
        assert house.sent[-1] == 12
    await house.set_state(LIMIT, "unknown", "A")
    await house.live(60, 2, car)
    assert house.sent[-1] > 20


async def test_nothing_rises_before_the_external_limit_is_known(house: House) -> None:
    """The car keeps its 10 A until the entity exists."""
    house.number.show(10)
    car = Car(house.hass, NUMBER)
    await house.measure(12)
    await house.set_up(supply={"external_limit_entity": LIMIT})
    await house.live(60, 2, car)
    assert set(house.sent) == {10}
    await house.set_state(LIMIT, 20, "A")
    await house.live(60, 2, car)
    assert house.sent[-1] == 18


class TestFlow:
    """Configuring export sensors and limits."""

    async def begin(self, hass: HomeAssistant) -> str:
        """Start to add a site with a supply."""
        flow = await hass.config_entries.flow.async_init(
            "load_sharing", context={"source": SOURCE_USER}
        )
        await self.submit(hass, flow["flow_id"], {"next_step_id": "charging"})
        return flow["flow_id"]

    async def submit(
        self, hass: HomeAssistant, flow_id: str, entered: dict[str, Any]
    ) -> Any:
        """Submit a form."""
        return await enter(hass, flow_id, entered)

    async def test_sensors_of_the_export_are_asked_for(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """There is one for each meter, which cannot be the meter itself."""
        await house.measure(10)
        await house.set_state(EXPORT, 0, "A")
        flow_id = await self.begin(hass)
        entered = SUPPLY | {"name": "Home", "export_sign": "separate"}
        form = await self.submit(hass, flow_id, entered)
        assert form["step_id"] == "export"
        assert list(form["data_schema"].schema) == ["export_l1"]
        form = await self.submit(hass, flow_id, {"export_l1": METER})
        assert form["errors"] == {"export_l1": "same_twice"}
        form = await self.submit(hass, flow_id, {"export_l1": "sensor.nowhere"})
        assert form["errors"] == {"export_l1": "entity_not_found"}
        done = await self.submit(hass, flow_id, {"export_l1": EXPORT})
        assert done["type"] is FlowResultType.CREATE_ENTRY
        assert done["data"]["supply"]["export_l1"] == EXPORT

    async def test_currents_without_a_sign_need_no_export_sensor(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Then they count as imports; the next form says so."""
        await house.measure(10)
        flow_id = await self.begin(hass)
        entered = SUPPLY | {"name": "Home", "export_sign": "unsigned"}
        form = await self.submit(hass, flow_id, entered)
        assert form["step_id"] == "export"
        done = await self.submit(hass, flow_id, {})
        assert done["type"] is FlowResultType.CREATE_ENTRY

    @pytest.mark.parametrize(
        ("unit", "error"), [("A", None), ("W", {"export_l2": "export_per_phase"})]
    )
    async def test_one_export_for_all_phases_needs_currents(
        self, hass: HomeAssistant, house: House, unit: str, error: dict[str, str] | None
    ) -> None:
        """Which phase exports does not show in powers that are 0 meanwhile."""
        await house.measure(10, 10, 10, unit=unit)
        await house.set_state(EXPORT, 0, "W")
        flow_id = await self.begin(hass)
        entered = THREE_PHASES | {"name": "Home", "export_sign": "separate"}
        await self.submit(hass, flow_id, entered)
        form = await self.submit(hass, flow_id, {"export_l1": EXPORT})
        assert form.get("errors") == error

    async def test_two_exports_of_three_phases_are_refused(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """One is missing."""
        await house.measure(10, 10, 10)
        for entity_id in (EXPORT, "sensor.other"):
            await house.set_state(entity_id, 0, "W")
        flow_id = await self.begin(hass)
        entered = THREE_PHASES | {"name": "Home", "export_sign": "unsigned"}
        await self.submit(hass, flow_id, entered)
        exports = {"export_l1": EXPORT, "export_l3": "sensor.other"}
        form = await self.submit(hass, flow_id, exports)
        assert form["errors"] == {"export_l2": "export_per_phase"}

    async def test_export_sensors_can_be_changed(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The form shows the present sensors."""
        await house.measure(10)
        await house.set_state(EXPORT, 0, "A")
        await house.set_state("sensor.other", 0, "A")
        separate = {"export_sign": "separate", "export_l1": EXPORT}
        entry = await house.set_up(supply=separate)
        flow = await entry.start_reconfigure_flow(hass)
        flow_id = flow["flow_id"]
        await self.submit(hass, flow_id, {"next_step_id": "change_supply"})
        form = await self.submit(hass, flow_id, SUPPLY | {"export_sign": "separate"})
        (marker,) = form["data_schema"].schema
        assert marker.description == {"suggested_value": EXPORT}
        done = await self.submit(hass, flow_id, {"export_l1": "sensor.other"})
        assert done["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert entry.data["supply"]["export_l1"] == "sensor.other"

    @pytest.mark.parametrize(
        ("entered", "errors"),
        [
            (
                {"total": True, "meter_l2": "sensor.b", "meter_l3": "sensor.c"},
                {"more": "total_and_phases"},
            ),
            (
                {"external_limit_entity": "sensor.nowhere"},
                {"more": "entity_not_found"},
            ),
        ],
    )
    async def test_contradictory_input_is_refused(
        self,
        hass: HomeAssistant,
        house: House,
        entered: dict[str, Any],
        errors: dict[str, str],
    ) -> None:
        """The error names the field."""
        await house.measure(10)
        for entity_id in ("sensor.b", "sensor.c"):
            await house.set_state(entity_id, 1, "A")
        entry = await house.set_up(chargers=[])
        flow = await entry.start_reconfigure_flow(hass)
        await self.submit(hass, flow["flow_id"], {"next_step_id": "change_supply"})
        form = await self.submit(hass, flow["flow_id"], SUPPLY | entered)
        assert form["errors"] == errors
