"""A Peblar, made by its own integration."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_type_hints
from unittest.mock import AsyncMock, MagicMock, patch

from peblar import (
    PeblarEVInterface,
    PeblarMeter,
    PeblarSystem,
    PeblarSystemInformation,
    PeblarUserConfiguration,
    PeblarVersions,
)
from peblar.const import CPState
import pytest

from .conftest import Installed

SERIAL = "23-45-A4O-MOF"


def filled[T](model: type[T], **known: Any) -> T:
    """Make a model of the library; what is not known is 0, empty or the first choice."""
    hints = get_type_hints(model)
    values = {
        field.name: known.get(field.name, _anything(hints[field.name]))
        for field in fields(model)  # type: ignore[arg-type]
        if field.name in known
        or (field.default is MISSING and field.default_factory is MISSING)
    }
    return model(**values)


def _anything(kind: Any) -> Any:
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    kind = getattr(kind, "__origin__", kind)
    return next(iter(kind)) if issubclass(kind, Enum) else kind()


class Peblar:
    """The charger behind its API: below 6 A it does not charge."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.limits_a: list[float] = []
        self.limit_ma = 16_000
        self.state = CPState.CHARGING
        self.api = MagicMock()
        self.api.ev_interface = AsyncMock(side_effect=self._ev_interface)
        self.api.meter = AsyncMock(side_effect=self._meter)
        self.api.system = AsyncMock(
            return_value=filled(PeblarSystem, force_single_phase_allowed=True)
        )
        self.client = MagicMock()
        self.client.login = AsyncMock()
        self.client.system_information = AsyncMock(
            return_value=filled(
                PeblarSystemInformation,
                hardware_max_current=16,
                hardware_has_socket=True,
                product_serial_number=SERIAL,
                product_model_name="WLAC1-H16R0WE0ICR00",
                ethernet_mac_address="00:0F:11:58:86:97",
                wlan_mac_address="00:0F:11:58:86:98",
            )
        )
        configuration = filled(
            PeblarUserConfiguration,
            connected_phases=3,
            current_control_fixed_charge_current_limit=16,
            solar_charging_allowed=True,
            solar_charging_custom_always_charge=False,
            solar_charging_custom_power_target=0,
            solar_charging_custom_power_threshold=0,
        )
        self.client.user_configuration = AsyncMock(return_value=configuration)
        versions = PeblarVersions(customization="Peblar-1.9", firmware="1.9.0+1+WL-1")
        self.client.current_versions = AsyncMock(return_value=versions)
        self.client.available_versions = AsyncMock(return_value=versions)
        self.client.meter_history = AsyncMock(return_value=MagicMock(session=[]))
        self.client.rest_api = AsyncMock(return_value=self.api)

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return self.limit_ma / 1000 if self.limit_ma >= 6000 else 0.0

    async def _ev_interface(
        self, *, charge_current_limit: int | None = None, **_: Any
    ) -> PeblarEVInterface:
        if charge_current_limit is not None:
            self.limit_ma = charge_current_limit
            self.limits_a.append(charge_current_limit / 1000)
            charges = charge_current_limit >= 6000
            self.state = CPState.CHARGING if charges else CPState.CHARGING_SUSPENDED
        return filled(
            PeblarEVInterface,
            charge_current_limit=self.limit_ma,
            charge_current_limit_actual=self.limit_ma,
            cp_state=self.state,
        )

    async def _meter(self) -> PeblarMeter:
        current_ma = round(1000 * self.draw_a)
        return filled(
            PeblarMeter,
            current_phase_1=current_ma,
            power_phase_1=round(current_ma * 0.23),
            power_total=round(current_ma * 0.23),
        )


@pytest.fixture
def peblar() -> Iterator[Peblar]:
    """A Peblar that answers; its stream of events is not needed."""
    peblar = Peblar()
    with (
        patch("homeassistant.components.peblar.Peblar", return_value=peblar.client),
        patch("homeassistant.components.peblar.PeblarSessionListener.async_run"),
    ):
        yield peblar


async def add(installed: Installed) -> None:
    """Set the charger up."""
    await installed.add(
        "peblar",
        unique_id=SERIAL,
        data={"host": "127.0.0.1", "password": "secret"},
    )


@pytest.mark.usefixtures("peblar")
async def test_a_peblar_is_found(installed: Installed) -> None:
    """The switch is the one that charges, and not one of its solar modes."""
    await add(installed)
    assert installed.unique_ids == {
        "number_entity": f"{SERIAL}_charge_current_limit",
        "switch_entity": f"{SERIAL}_charge",
        "status_entity": f"{SERIAL}_cp_state",
        "draw_entity": f"{SERIAL}_power_total",
    }
    assert installed.fields["max_current_a"] == 16
    assert installed.charger.disabled == (
        "Current phase 1",
        "Current phase 2",
        "Current phase 3",
    )
    await installed.check()


@pytest.mark.usefixtures("peblar", "all_enabled")
async def test_its_phases_are_measured_if_they_are_enabled(
    installed: Installed,
) -> None:
    """By default, only the sum of all phases is."""
    await add(installed)
    unique_ids = installed.unique_ids
    assert installed.charger.disabled == ()
    assert unique_ids["draw_entity"] == f"{SERIAL}_current_phase_1"
    assert unique_ids["draw_l3_entity"] == f"{SERIAL}_current_phase_3"


async def test_a_peblar_is_driven(peblar: Peblar, installed: Installed) -> None:
    """Its number sets the current, its switch pauses and resumes."""
    await add(installed)
    await installed.live_through_an_evening(peblar)
    assert 0 in peblar.limits_a
