"""Typed views of how a charger is controlled: by a number, a select, or actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from ..const import (
    CONF_CHARGER_ID,
    CONF_CONTROL,
    CONF_NUMBER,
    CONF_PAUSE_OPTION,
    CONF_SELECT,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STOP,
    CONF_SWITCH,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
    CONTROL_SELECT,
)
from ..site.validation import Validator, actions, entity, optional, text

type ActionSequence = list[dict[str, Any]]

CONTROLS: dict[str, dict[vol.Marker, Validator]] = {
    CONTROL_NUMBER: {
        vol.Required(CONF_NUMBER): entity,
        vol.Optional(CONF_SWITCH): optional(entity),
    },
    CONTROL_SELECT: {
        vol.Required(CONF_SELECT): entity,
        vol.Optional(CONF_PAUSE_OPTION): optional(text),
        vol.Optional(CONF_SWITCH): optional(entity),
    },
    CONTROL_ACTIONS: {
        vol.Required(CONF_SET_CURRENT): actions,
        vol.Optional(CONF_START): optional(actions),
        vol.Optional(CONF_STOP): optional(actions),
        vol.Optional(CONF_CHARGER_ID): optional(text),
    },
}
"""What each kind of control is configured with."""


@dataclass(frozen=True, slots=True)
class NumberControl:
    """A charger whose current is set by a number; a switch may pause it."""

    entity: str
    switch: str | None


@dataclass(frozen=True, slots=True)
class SelectControl:
    """A charger whose current is an option; ``pause_option`` is the one that pauses."""

    entity: str
    switch: str | None
    pause_option: str | None


@dataclass(frozen=True, slots=True)
class ActionControl:
    """A charger that is driven by the user's own action sequences."""

    set_current: ActionSequence
    start: ActionSequence
    stop: ActionSequence
    charger_id: str


type EntityControl = NumberControl | SelectControl
type Control = EntityControl | ActionControl


def control_of(name: str, data: Mapping[str, Any]) -> Control:
    """Return how a charger is controlled."""
    switch = data.get(CONF_SWITCH)
    if data[CONF_CONTROL] == CONTROL_NUMBER:
        return NumberControl(data[CONF_NUMBER], switch)
    if data[CONF_CONTROL] == CONTROL_SELECT:
        return SelectControl(data[CONF_SELECT], switch, data.get(CONF_PAUSE_OPTION))
    return ActionControl(
        data[CONF_SET_CURRENT],
        data.get(CONF_START) or [],
        data.get(CONF_STOP) or [],
        data.get(CONF_CHARGER_ID) or name,
    )
