"""Actuators whose range is not what was expected when they were taken, or set up."""

import pytest

from ...homes.radiators import BATH, FLOW, LOUNGE, RETURN, STUDY, RadiatorHouse


async def hold_burner(radiators: RadiatorHouse) -> None:
    """Hold the burner off by the boiler's setpoint, after a burn that was too hot."""
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, control="balanced"
    )
    await radiators.cool_down()


async def let_down(radiators: RadiatorHouse, flow_c: float) -> None:
    """Let the water get cold."""
    await radiators.set_state(FLOW, flow_c, "°C")
    await radiators.set_state(RETURN, flow_c - 1, "°C")


async def test_a_boiler_whose_maximum_fell_is_given_back_once(
    radiators: RadiatorHouse,
) -> None:
    """It had 55 °C; by then, it takes 50 °C at most, as when it follows the weather."""
    await hold_burner(radiators)
    setpoint = radiators.setpoint
    assert setpoint.native_value == 30
    setpoint._attr_native_max_value = 50
    setpoint.show(30)
    await let_down(radiators, 30)
    await radiators.wait(1200)
    assert setpoint.sent == [30, 50]


@pytest.mark.parametrize("flow_c", [40.3, 45.0])
async def test_a_boiler_that_takes_no_setpoint_as_low(
    radiators: RadiatorHouse, flow_c: float
) -> None:
    """From 40 °C: it keeps its water at that, which is as cold as it gets."""
    radiators.setpoint._attr_native_min_value = 40
    radiators.setpoint.show(55)
    await hold_burner(radiators)
    await let_down(radiators, flow_c)
    await radiators.wait(60)
    assert radiators.setpoint.sent == ([40, 55] if flow_c < 40.5 else [40])


async def test_a_head_whose_limit_was_lowered_is_given_back_once(
    radiators: RadiatorHouse,
) -> None:
    """It had 16 °C; a limit of 14 °C was set at the head meanwhile."""
    radiators.freezer.move_to("2026-01-05T06:10:00+00:00")
    await radiators.set_up_heating(rooms={"bath": BATH, "study": STUDY})
    await radiators.cool_down()
    study = radiators.thermostats["study"]
    study._attr_max_temp = 14
    study.show()
    await radiators.warm_bath(22.2)
    await radiators.wait(2400)
    assert study.sent == [22.0, 14.0]


async def test_a_valve_in_percent_that_ends_at_one(radiators: RadiatorHouse) -> None:
    """Fractions with the unit % (a level of Homematic, aiohomematic#202)."""
    valve = radiators.valves["lounge"]
    valve._attr_native_max_value, valve._attr_native_step = 1, 0.01
    valve.show(0)
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    assert valve.sent == [0.9]
