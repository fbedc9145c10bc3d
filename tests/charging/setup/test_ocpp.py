"""A charger of OCPP: its profiles, its sessions, and what it offers."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
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
import voluptuous as vol

from custom_components.load_sharing.charging.setup.discovery import find_chargers

from ...homes.house import SUPPLY, House
from .installing import install
from .registries import OCPP, OCPP_BEFORE_2026


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

    def __init__(self, house: House, entities: tuple[tuple[str, str], ...]) -> None:
        """Register the charger and its action."""
        self.house = house
        self.entities = install(house.hass, "ocpp", entities)
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


@pytest.fixture(params=[OCPP, OCPP_BEFORE_2026], ids=["now", "before_2026"])
async def ocpp(house: House, request: pytest.FixtureRequest) -> Ocpp:
    """A charger without a car, registered by both versions of the integration."""
    charger = Ocpp(house, request.param)
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


async def test_what_is_left_over_of_one_connector_is_no_third_charger(
    hass: HomeAssistant,
) -> None:
    """An update of the integration found two; its first entities are only restored."""
    entry = MockConfigEntry(domain="ocpp", state=ConfigEntryState.LOADED)
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    devices = dr.async_get(hass)
    for name, part, sensors in (
        ("garage", "garage.", OCPP_BEFORE_2026),
        ("garage-conn1", "garage.conn1.", OCPP),
        ("garage-conn2", "garage.conn2.", OCPP),
    ):
        device = devices.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("ocpp", name)}, name=name
        )
        for domain, unique_id in sensors[:3]:
            entity_id = registry.async_get_or_create(
                domain,
                "ocpp",
                unique_id.replace("garage.", part),
                config_entry=entry,
                device_id=device.id,
            ).entity_id
            restored = {"restored": True} if name == "garage" else {}
            hass.states.async_set(entity_id, "unavailable", restored)
    names = [found.name for found in find_chargers(hass).values()]
    assert names == ["garage-conn1 (OCPP)", "garage-conn2 (OCPP)"]
    entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    assert len(find_chargers(hass)) == 3
