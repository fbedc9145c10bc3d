"""Circuits within the supply: their configuration, their balancing and their removal."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from ..homes.forms import enter_part
from ..homes.house import (
    CHARGER,
    METER,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    Car,
    House,
)

SHED_METER = "sensor.shed_meter"
SHED = {"limit_a": 16.0, "phases": ["l1"], "meter_l1": SHED_METER}
YARD = {"limit_a": 20.0, "phases": ["l1"]}
THREE_PHASES = {"meter_l2": "sensor.meter_l2", "meter_l3": "sensor.meter_l3"}


async def live(
    house: House, seconds: int, base_a: float, shed_a: float, *cars: Car
) -> None:
    """Let time pass with the first car in the shed."""
    for _ in range(seconds):
        await house.wait(1)
        await house.set_state(SHED_METER, shed_a + cars[0].draw_a, "A")
        total_a = base_a + shed_a + sum(car.draw_a for car in cars)
        await house.measure(total_a)


async def set_up_shed(house: House) -> list[Car]:
    """Set up a charger in the shed, which has 16 A, and one outside."""
    await house.put_up_second()
    await house.measure(0)
    await house.set_state(SHED_METER, 0, "A")
    await house.set_up(
        chargers=[CHARGER | {"circuit": "shed"}, SECOND_CHARGER],
        circuits={"shed": SHED},
    )
    return [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]


async def test_a_circuit_limits_its_charger(house: House) -> None:
    """A heater takes 4 A of the shed's 16 A; the other car gets the rest of 32 A."""
    cars = await set_up_shed(house)
    await live(house, 120, 2, 4, *cars)
    assert [car.draw_a for car in cars] == [12, 14]
    assert house.state("sensor.garage_limited_by") == "circuit"
    assert house.state("sensor.garage_limited_by_circuit") == "Shed"
    assert house.state("sensor.garage_2_limited_by_circuit") == "unknown"
    assert house.state("sensor.shed_current") == "16.0"
    assert house.state("sensor.shed_headroom") == "0.0"
    assert house.state("binary_sensor.shed_overload") == "off"


async def test_an_overload_of_a_circuit_is_reported_for_the_site(house: House) -> None:
    """10 A more in the shed, with 6 A free in all: the event names the circuit."""
    cars = await set_up_shed(house)
    await live(house, 120, 0, 0, *cars)
    event_states = house.listen_overload()
    house.wallbox.deaf = True
    await house.set_state(SHED_METER, 26, "A")
    await house.wait(1)
    assert house.state("binary_sensor.shed_overload") == "on"
    assert house.state("binary_sensor.home_overload") == "on"
    await house.wait(2)
    assert event_states[0].attributes["event_type"] == "detected"
    assert event_states[0].attributes["circuit"] == "Shed"
    assert event_states[0].attributes["service_current_a"] == 26
    assert event_states[0].attributes["limit_a"] == 16
    assert event_states[0].attributes["excess_a"] == 10
    house.wallbox.deaf = False


async def test_a_lower_limit_of_a_circuit_counts_at_once(house: House) -> None:
    """The limit of the shed is tuned to 10 A."""
    cars = await set_up_shed(house)
    await live(house, 120, 0, 0, *cars)
    await house.tune("number.shed_max_circuit_current", 10)
    assert house.sent[-1] == 10


async def test_a_circuit_that_lost_its_meter_falls_back(house: House) -> None:
    """After the grace period its charger pauses; the other one goes on."""
    cars = await set_up_shed(house)
    await live(house, 120, 0, 0, *cars)
    await house.set_state(SHED_METER, "unavailable", "A")
    await house.wait(1)
    assert house.state("binary_sensor.shed_meter_problem") == "on"
    assert house.state("sensor.shed_current") == "unknown"
    assert house.sent[-1] == 16
    await house.wait(12)
    assert house.sent[-1] == 0
    assert house.second.sent[-1] > 0
    assert house.state("sensor.garage_limited_by") in ("meter_lost", "settling")
    assert house.state("binary_sensor.home_without_the_meter") == "on"


async def test_a_nested_circuit_counts_in_its_parent(house: House) -> None:
    """One car is in the shed, the other in the yard around it, which has 20 A in all."""
    await house.put_up_second()
    await house.measure(0)
    await house.set_state(SHED_METER, 0, "A")
    chargers = [CHARGER | {"circuit": "shed"}, SECOND_CHARGER | {"circuit": "yard"}]
    await house.set_up(
        chargers=chargers,
        circuits={"shed": SHED | {"parent": "yard"}, "yard": YARD},
    )
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await live(house, 150, 0, 0, *cars)
    assert [car.draw_a for car in cars] == [10, 10]
    assert house.state("sensor.garage_limited_by_circuit") == "Yard"


async def test_a_removed_circuit_is_reported(
    hass: HomeAssistant, house: House, issue_registry: ir.IssueRegistry
) -> None:
    """Its charger is limited by the supply alone."""
    await house.measure(0)
    entry = await house.set_up(charger={"circuit": "shed"}, circuits={})
    name = ("load_sharing", "circuit_gone_site_charger0")
    issue = issue_registry.async_get_issue(*name)
    assert issue is not None
    assert issue.translation_placeholders == {"part": "Garage"}
    assert issue.data == {"entry_id": "site", "part": "charger0"}
    charger = entry.subentries["charger0"]
    hass.config_entries.async_update_subentry(entry, charger, data=CHARGER)
    await hass.async_block_till_done()
    assert not issue_registry.async_get_issue(*name)


async def test_a_cycle_of_circuits_is_broken(house: House) -> None:
    """Two circuits are parents of each other in the file: both become parts of the supply."""
    await house.measure(10)
    circuits = {"a": YARD | {"parent": "b"}, "b": YARD | {"parent": "a"}}
    await house.set_up(circuits=circuits)
    assert house.state("number.a_max_circuit_current") == "20.0"


async def test_the_entities_of_a_circuit(
    house: House, entity_registry: er.EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    """The circuit has its own meter."""
    await set_up_shed(house)
    for entry in er.async_entries_for_config_entry(entity_registry, "site"):
        if entry.config_subentry_id == "shed":
            assert entry == snapshot(name=f"{entry.entity_id}-entry")
            assert house.hass.states.get(entry.entity_id) == snapshot(
                name=f"{entry.entity_id}-state"
            )


class TestFlow:
    """Adding and changing a circuit."""

    async def begin(
        self, hass: HomeAssistant, site: MockConfigEntry, kind: str = "circuit"
    ) -> Any:
        """Start to add a subentry."""
        return await hass.config_entries.subentries.async_init(
            (site.entry_id, kind), context={"source": SOURCE_USER}
        )

    async def submit(
        self, hass: HomeAssistant, form: Any, entered: dict[str, Any]
    ) -> Any:
        """Submit the form."""
        done = await enter_part(hass, form, entered)
        await hass.async_block_till_done()
        return done

    async def test_a_circuit_and_a_charger_on_it(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The form of the charger offers the new circuit."""
        await house.measure(10)
        await house.set_state(SHED_METER, 5, "A")
        site = await house.set_up(chargers=[])
        form = await self.begin(hass, site)
        assert "phases" not in form["data_schema"].schema
        assert "parent" not in form["data_schema"].schema
        entered = {"name": "Shed", "limit_a": 16, "meter_l1": SHED_METER}
        done = await self.submit(hass, form, entered)
        assert done["type"] is FlowResultType.CREATE_ENTRY
        assert done["data"] == SHED
        (circuit,) = site.get_subentries_of_type("circuit")
        form = await self.begin(hass, site, "charger")
        basics = {
            "name": "Wallbox",
            "max_current_a": 16,
            "min_current_a": 6,
            "control": "number",
            "circuit": circuit.subentry_id,
        }
        form = await self.submit(hass, form, basics)
        form = await self.submit(hass, form, {"number_entity": NUMBER})
        done = await self.submit(hass, form, {})
        assert done["data"]["circuit"] == circuit.subentry_id

    @pytest.mark.parametrize(
        ("entered", "errors"),
        [
            ({"phases": []}, {"phases": "no_phase"}),
            (
                {"meter_l1": METER},
                {"meter_l1": "meter_in_use", "meter_l2": "all_or_none"},
            ),
            (
                {"phases": ["l1"], "meter_l1": "sensor.yard", "meter_l2": SHED_METER},
                {"meter_l2": "not_its_phase"},
            ),
            (
                {
                    "phases": ["l1", "l2"],
                    "meter_l1": "sensor.a",
                    "meter_l2": "sensor.a",
                },
                {"meter_l1": "same_twice", "meter_l2": "same_twice"},
            ),
            (
                {"phases": ["l1"], "meter_l1": "sensor.nowhere"},
                {"meter_l1": "entity_not_found"},
            ),
            ({"phases": ["l1"], "meter_l1": SHED_METER}, {"meter_l1": "meter_in_use"}),
        ],
    )
    async def test_invalid_input_is_refused(
        self,
        hass: HomeAssistant,
        house: House,
        entered: dict[str, Any],
        errors: dict[str, str],
    ) -> None:
        """The error names the field, and valid input is accepted afterwards."""
        await house.measure(1, 2, 3)
        for entity_id in (SHED_METER, "sensor.a", "sensor.yard"):
            await house.set_state(entity_id, 5, "A")
        site = await house.set_up(
            supply=THREE_PHASES, chargers=[], circuits={"shed": SHED}
        )
        form = await self.begin(hass, site)
        basics = {"name": "New", "limit_a": 16, "phases": ["l1", "l2"]}
        form = await self.submit(hass, form, basics | entered)
        assert {key: form["errors"].get(key) for key in errors} == errors
        done = await self.submit(hass, form, basics)
        assert done["type"] is FlowResultType.CREATE_ENTRY

    @pytest.mark.parametrize(
        ("wiring", "error"),
        [("no_neutral", None), ("neutral", {"meter_l2": "all_or_none"})],
    )
    async def test_one_sensor_is_enough_between_two_phases(
        self, hass: HomeAssistant, house: House, wiring: str, error: object
    ) -> None:
        """The same current flows through both; with a neutral, each has its own."""
        await house.set_state(SHED_METER, 1, "A")
        site = await house.set_up(supply=THREE_PHASES | {"wiring": wiring}, chargers=[])
        form = await self.begin(hass, site, "circuit")
        entered = {"name": "Shed", "limit_a": 16, "phases": ["l1", "l2"]}
        form = await self.submit(hass, form, entered | {"meter_l1": SHED_METER})
        assert form.get("errors") == error

    async def test_a_circuit_cannot_be_its_own_ancestor(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The form offers no descendant as its parent, and keeps the phases in use."""
        await house.measure(1, 2, 3)
        await house.set_state(SHED_METER, 5, "A")
        circuits = {
            "shed": SHED | {"parent": "yard"},
            "yard": YARD,
            "barn": YARD,
        }
        charger = {"circuit": "yard", "phases": ["l1"]}
        site = await house.set_up(
            supply=THREE_PHASES, charger=charger, circuits=circuits
        )
        form = await hass.config_entries.subentries.async_init(
            (site.entry_id, "circuit"),
            context={"source": SOURCE_RECONFIGURE, "subentry_id": "yard"},
        )
        assert form["data_schema"] is not None
        parents = form["data_schema"].schema["parent"].config["options"]
        assert [option["value"] for option in parents] == ["barn"]
        changed = {"name": "Court", "limit_a": 25, "phases": ["l2"], "parent": "barn"}
        form = await self.submit(hass, form, changed)
        assert form["errors"] == {"phases": "phase_in_use"}
        done = await self.submit(hass, form, changed | {"phases": ["l1", "l2"]})
        assert done["reason"] == "reconfigure_successful"
        assert site.subentries["yard"].title == "Court"
        assert site.subentries["yard"].data["parent"] == "barn"

    @pytest.mark.parametrize(
        ("context", "parents"),
        [
            ({"source": SOURCE_USER}, ["a", "b", "c"]),
            ({"source": SOURCE_RECONFIGURE, "subentry_id": "a"}, ["c"]),
            ({"source": SOURCE_RECONFIGURE, "subentry_id": "c"}, ["a", "b"]),
        ],
    )
    async def test_a_cycle_of_circuits_can_be_broken(
        self, hass: HomeAssistant, house: House, context: Any, parents: list[str]
    ) -> None:
        """``a`` and ``b`` are parents of each other in the file."""
        await house.measure(10)
        circuits = {
            "a": YARD | {"parent": "b"},
            "b": YARD | {"parent": "a"},
            "c": YARD,
        }
        site = await house.set_up(circuits=circuits)
        form = await hass.config_entries.subentries.async_init(
            (site.entry_id, "circuit"), context=context
        )
        assert form["data_schema"] is not None
        options = form["data_schema"].schema["parent"].config["options"]
        assert [option["value"] for option in options] == parents

    async def test_a_charger_needs_the_phases_that_it_is_wired_to(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The yard has L1 only."""
        await house.measure(1, 2, 3)
        site = await house.set_up(
            supply=THREE_PHASES, chargers=[], circuits={"yard": YARD}
        )
        form = await self.begin(hass, site, "charger")
        basics = {
            "name": "Wallbox",
            "max_current_a": 16,
            "min_current_a": 6,
            "phases": ["l1", "l2", "l3"],
            "circuit": "yard",
        }
        form = await self.submit(hass, form, basics)
        assert form["errors"] == {"circuit": "circuit_lacks_phase"}
        form = await self.submit(hass, form, basics | {"phases": ["l1"]})
        assert form["step_id"] == "number"
