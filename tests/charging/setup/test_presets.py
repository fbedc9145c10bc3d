"""Presets: how chargers of known integrations are found, filled in and controlled."""

import ast
import re
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from syrupy.assertion import SnapshotAssertion
import voluptuous as vol

from custom_components.load_sharing.charging.setup.control_checks import (
    async_check_actions,
)
from custom_components.load_sharing.charging.setup.discovery import find_chargers
from custom_components.load_sharing.charging.setup.presets import PRESETS

from ...homes.house import SUPPLY, House

OCPP = (
    ("sensor", "ocpp.garage.status.connector.sensor"),
    ("sensor", "ocpp.garage.transaction.id.sensor"),
    ("sensor", "ocpp.garage.current.offered.sensor"),
    ("sensor", "ocpp.garage.current.import.sensor"),
    ("number", "number.ocpp.garage.maximum_current"),
)
# Unique IDs as the integrations make them, and the fields of the form they end up in.
CHARGERS: dict[str, tuple[tuple[tuple[str, str], ...], dict[str, str]]] = {
    "ocpp": (
        OCPP,
        {"status_entity": OCPP[0][1], "offered_entity": OCPP[2][1]},
    ),
    "easee": (
        (("sensor", "EH123456_status"), ("sensor", "EH123456_power")),
        {"status_entity": "EH123456_status"},
    ),
    "zaptec": (
        (
            ("number", "abc_charger_min_current"),
            ("number", "abc_charger_max_current"),
            ("sensor", "abc_operating_mode"),
            ("switch", "abc_operating_mode"),
        ),
        {
            "number_entity": "abc_charger_max_current",
            "status_entity": "abc_operating_mode",
        },
    ),
    "goecharger_mqtt": (
        (
            ("number", "/go-eCharger/072246-number-ama-"),
            ("number", "/go-eCharger/072246-number-amp-"),
            ("select", "/go-eCharger/072246-select-frc-frc"),
            ("sensor", "/go-eCharger/072246-sensor-car-car"),
            ("sensor", "/go-eCharger/072246-sensor-nrg-1"),
            ("sensor", "/go-eCharger/072246-sensor-nrg-11"),
        ),
        {
            "status_entity": "/go-eCharger/072246-sensor-car-car",
            "draw_entity": "/go-eCharger/072246-sensor-nrg-11",
        },
    ),
    "goecharger_api2": (
        (
            ("number", "number.goe_072246_amp"),
            ("number", "number.goe_072246_lot_amp_other"),
            ("select", "select.goe_072246_frc"),
            ("sensor", "sensor.goe_072246_car_value"),
            ("sensor", "sensor.goe_072246_nrg_11"),
        ),
        {
            "status_entity": "sensor.goe_072246_car_value",
            "draw_entity": "sensor.goe_072246_nrg_11",
        },
    ),
    "wallbox": (
        (
            ("number", "max_charging_current-12345"),
            ("number", "icp_max_current-12345"),
            ("switch", "paused-12345"),
            ("sensor", "status_description-12345"),
            ("sensor", "charging_power-12345"),
        ),
        {
            "number_entity": "max_charging_current-12345",
            "switch_entity": "paused-12345",
            "status_entity": "status_description-12345",
        },
    ),
    "keba": (
        (
            ("binary_sensor", "keba_wallbox_1_charging_state"),
            ("sensor", "keba_wallbox_1_charging_power"),
            ("sensor", "keba_wallbox_1_max_current"),
        ),
        {
            "status_entity": "keba_wallbox_1_charging_state",
            "draw_entity": "keba_wallbox_1_charging_power",
            "offered_entity": "keba_wallbox_1_max_current",
        },
    ),
    "openevse": (
        (
            ("number", "deadbeef-charge_rate"),
            ("select", "deadbeef-override_state"),
            ("sensor", "deadbeef-status"),
            ("sensor", "deadbeef-charging_current"),
            ("sensor", "deadbeef-current_capacity"),
        ),
        {
            "status_entity": "deadbeef-status",
            "draw_entity": "deadbeef-charging_current",
            "offered_entity": "deadbeef-current_capacity",
        },
    ),
    "peblar": (
        (
            ("number", "23-45_charge_current_limit"),
            ("switch", "23-45_force_single_phase"),
            ("switch", "23-45_charge"),
            ("sensor", "23-45_cp_state"),
            ("sensor", "23-45_power_total"),
        ),
        {
            "number_entity": "23-45_charge_current_limit",
            "switch_entity": "23-45_charge",
            "status_entity": "23-45_cp_state",
            "draw_entity": "23-45_power_total",
        },
    ),
}


def install(
    hass: HomeAssistant,
    platform: str,
    entities: tuple[tuple[str, str], ...],
    identifier: str = "garage",
    name: str = "Garage box",
) -> dict[str, str]:
    """Register a charger; return its entity IDs by domain and unique ID."""
    device_id = None
    if platform != "keba":
        entry = MockConfigEntry(domain=platform)
        entry.add_to_hass(hass)
        device_id = (
            dr.async_get(hass)
            .async_get_or_create(
                config_entry_id=entry.entry_id,
                identifiers={(platform, identifier)},
                name=name,
            )
            .id
        )
    registry = er.async_get(hass)
    return {
        f"{domain} {unique_id}": registry.async_get_or_create(
            domain, platform, unique_id, device_id=device_id
        ).entity_id
        for domain, unique_id in entities
    }


async def test_every_preset_is_tried_here() -> None:
    """Except the one that has no entities of its own."""
    assert {preset.platform for preset in PRESETS} == {*CHARGERS, "mqtt"}


@pytest.mark.parametrize("platform", CHARGERS)
async def test_a_charger_is_found_by_its_entities(
    hass: HomeAssistant, platform: str, snapshot: SnapshotAssertion
) -> None:
    """Its fields are filled in, and its action sequences are valid."""
    entities, expected = CHARGERS[platform]
    registered = install(hass, platform, entities)
    (found,) = find_chargers(hass).values()
    by_id = {entity_id: key.split()[1] for key, entity_id in registered.items()}
    filled = {
        key: by_id[value]
        for key, value in found.fields.items()
        if key.endswith("_entity")
    }
    assert filled == expected
    assert not re.search(r"<\w+>", str(found.fields))
    shown = re.sub(r"[0-9a-f]{32}", "DEVICE", str(found.fields))
    assert ast.literal_eval(shown) == snapshot
    if found.fields["control"] == "actions":
        errors, detail = await async_check_actions(hass, found.fields, None)
        assert (errors, detail) == ({}, "")


@pytest.mark.parametrize("platform", CHARGERS)
async def test_a_device_without_what_it_takes_is_no_charger(
    hass: HomeAssistant, platform: str
) -> None:
    """It may be an energy meter of the same make. A disabled entity does not count."""
    (preset,) = [preset for preset in PRESETS if preset.platform == platform]
    entities, _ = CHARGERS[platform]
    needed = next(iter(preset.required.values()))
    registered = install(hass, platform, entities)
    for domain, unique_id in entities:
        entity_id = registered[f"{domain} {unique_id}"]
        entry = er.async_get(hass).async_get(entity_id)
        assert entry is not None
        if needed.matches(entry):
            er.async_get(hass).async_update_entity(
                entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    assert find_chargers(hass) == {}


async def test_a_charger_without_a_status_is_one_all_the_same(
    hass: HomeAssistant,
) -> None:
    """Fields of missing entities stay empty."""
    install(hass, "wallbox", CHARGERS["wallbox"][0][:3])
    (found,) = find_chargers(hass).values()
    assert found.name == "Garage box (Wallbox)"
    assert set(found.fields) == {"name", "control", "number_entity", "switch_entity"}


async def test_each_connector_of_ocpp_is_a_charger(hass: HomeAssistant) -> None:
    """It has the charger's ID and its own connector number."""
    for number in (1, 2):
        entities = tuple(
            (domain, unique_id.replace("garage.", f"garage.conn{number}."))
            for domain, unique_id in OCPP[:3]
        )
        install(hass, "ocpp", entities, f"garage-conn{number}", f"Connector {number}")
    found = list(find_chargers(hass).values())
    assert [charger.name for charger in found] == [
        "Connector 1 (OCPP)",
        "Connector 2 (OCPP)",
    ]
    for number, charger in enumerate(found, 1):
        sequence = charger.fields["set_current"][0]["then"][0]
        assert sequence["data"]["devid"] == "garage"
        assert sequence["data"]["conn_id"] == str(number)


async def begin(hass: HomeAssistant, site: MockConfigEntry) -> Any:
    """Start to add a charger."""
    return await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )


async def submit(hass: HomeAssistant, form: Any, entered: dict[str, Any]) -> Any:
    """Submit a form of the flow."""
    return await hass.config_entries.subentries.async_configure(
        form["flow_id"], entered
    )


def suggested(form: Any) -> dict[str, Any]:
    """Return the values that a form suggests."""
    return {
        str(key): key.description["suggested_value"]
        for key in form["data_schema"].schema
        if key.description and key.description.get("suggested_value") is not None
    }


async def test_a_preset_fills_in_the_forms(hass: HomeAssistant, house: House) -> None:
    """The user sees every value, and can change it, before it is saved."""
    entities, _ = CHARGERS["peblar"]
    registered = install(hass, "peblar", entities)
    number, _, switch, status, draw = registered.values()
    amperes = {"unit_of_measurement": "A"}
    hass.states.async_set(number, "16", {"min": 6, "max": 16, **amperes})
    hass.states.async_set(switch, "on")
    hass.states.async_set(status, "charging")
    hass.states.async_set(draw, "3600", {"unit_of_measurement": "W"})
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    assert form["step_id"] == "preset"
    (selector,) = form["data_schema"].schema.values()
    (peblar, none) = selector.config["options"]
    assert peblar["label"] == "Garage box (Peblar)"
    assert none["value"] == "none"
    assert form["data_schema"]({})["preset"] == peblar["value"]
    form = await submit(hass, form, {"preset": peblar["value"]})
    assert form["step_id"] == "user"
    basics = {"name": "Garage box", "max_current_a": 16.0, "control": "number"}
    assert suggested(form) == basics
    form = await submit(hass, form, basics | {"min_current_a": 6})
    assert form["step_id"] == "number"
    form = await submit(hass, form, suggested(form))
    assert form["step_id"] == "feedback"
    told = {"status_entity": status, "draw_entity": draw}
    assert suggested(form) == told
    done = await submit(hass, form, told | {"charging_states": ["charging"]})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Garage box"
    assert done["data"]["switch_entity"] == switch


async def test_another_charger_than_those_that_are_there(
    hass: HomeAssistant, house: House
) -> None:
    """Nothing is filled in."""
    install(hass, "easee", CHARGERS["easee"][0])
    site = await house.set_up(chargers=[])
    form = await submit(hass, await begin(hass, site), {"preset": "none"})
    assert form["step_id"] == "user"
    assert suggested(form) == {}


async def test_mqtt_is_offered_where_it_is_set_up(
    hass: HomeAssistant, house: House
) -> None:
    """It is not the default: most users have MQTT for something else."""
    MockConfigEntry(domain="mqtt").add_to_hass(hass)
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    assert form["data_schema"]({})["preset"] == "none"
    form = await submit(hass, form, {"preset": "mqtt"})
    basics = {"name": "Barn", "max_current_a": 16, "min_current_a": 6}
    form = await submit(hass, form, {**basics, **suggested(form)})
    assert form["step_id"] == "actions"
    (publish,) = suggested(form)["set_current"]
    assert publish["action"] == "mqtt.publish"


SCHEMA = vol.Schema(
    {
        vol.Optional("devid"): cv.string,
        vol.Optional("conn_id"): cv.positive_int,
        vol.Optional("custom_profile"): vol.Any(cv.string, dict),
    }
)
"""The used part of the schema of ocpp.set_charge_rate."""


class Ocpp:
    """A charger behind the OCPP integration."""

    def __init__(self, house: House) -> None:
        """Register the charger and its action."""
        self.house = house
        self.entities = install(house.hass, "ocpp", OCPP)
        self.calls: list[ServiceCall] = async_mock_service(
            house.hass, "ocpp", "set_charge_rate", SCHEMA
        )

    async def show(self, index: int, value: float | str, unit: str = "") -> None:
        """Report a value of a sensor."""
        entity_id = list(self.entities.values())[index]
        await self.house.set_state(entity_id, value, unit)

    async def show_session(self, status: str, transaction: int) -> None:
        """Start or end a session."""
        await self.show(1, transaction)
        await self.show(0, status)

    async def set_up(self) -> None:
        """Set up the site with what the preset fills in."""
        (found,) = find_chargers(self.house.hass).values()
        charger = {
            "phases": ["l1"],
            "min_current_a": 6.0,
            "max_current_a": 32.0,
            "charging_states": ["charging"],
            **found.fields,
        }
        await self.house.set_up(supply=SUPPLY, chargers=[charger])

    @property
    def profiles(self) -> list[tuple[str, int | None, float]]:
        """Purpose, transaction and limit of each profile that was sent."""
        sent = [call.data["custom_profile"] for call in self.calls]
        return [
            (
                profile["chargingProfilePurpose"],
                profile.get("transactionId"),
                profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"],
            )
            for profile in sent
        ]


@pytest.fixture
async def ocpp(house: House) -> Ocpp:
    """A charger without a car."""
    charger = Ocpp(house)
    await charger.show_session("Available", 0)
    return charger


async def test_ocpp_is_driven_by_profiles_of_the_session(
    house: House, ocpp: Ocpp
) -> None:
    """Before a session, the default profile is set. A pause is 0 A and does not end it.

    With 34 A at the fuse, the household takes 28 A: the 4 A that remain are a pause.
    """
    await house.measure(10)
    await ocpp.set_up()
    assert ocpp.profiles == [("TxDefaultProfile", None, 6)]
    for call in ocpp.calls:
        assert call.data["devid"] == "garage"
        assert call.data["conn_id"] == 1
    await ocpp.show_session("Charging", 4711)
    assert ocpp.profiles[1:] == [("TxProfile", 4711, 6)]
    await house.live(5, 34)
    assert ocpp.profiles[2:] == [("TxProfile", 4711, 0)]
    await ocpp.show(0, "SuspendedEVSE")
    await house.live(10, 28)
    assert len(ocpp.profiles) == 3


async def test_ocpp_that_keeps_offering_more_is_a_problem(
    house: House, ocpp: Ocpp
) -> None:
    """A rejected profile raises no error: only the offered current shows it."""
    await ocpp.show_session("Charging", 4711)
    await ocpp.show(2, 16, "A")
    await house.measure(22)
    await ocpp.set_up()
    assert ocpp.profiles == [("TxProfile", 4711, 6)]
    await house.live(60, 32)
    assert house.state("binary_sensor.garage_charger_problem") == "off"
    before = len(ocpp.profiles)
    await house.live(120, 32)
    assert len(ocpp.profiles) > before + 2
    assert house.state("binary_sensor.garage_charger_problem") == "on"
    await ocpp.show(2, 6, "A")
    assert house.state("binary_sensor.garage_charger_problem") == "off"
    for told in ("unavailable", "nonsense"):
        await ocpp.show(2, told, "A")
        assert house.state("binary_sensor.garage_charger_problem") == "off"
    await ocpp.show(2, 16, "V")
    await house.live(60, 32)
    assert house.state("binary_sensor.garage_charger_problem") == "off"
