"""What a half of a site tells the platforms of its entities: data, no entities yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.button import ButtonEntityDescription
from homeassistant.components.event import EventEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.core import CALLBACK_TYPE
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription

from .snapshot import NOTHING, SiteSnapshot
from .tunables import Tunable

if TYPE_CHECKING:
    from ..coordinator import LoadSharingCoordinator

type SensorValue = float | str | datetime | None
type EventListener = Callable[[str, dict[str, Any]], None]
"""Hears of an event: its type and its attributes."""

type Listen = Callable[[EventListener], CALLBACK_TYPE]
"""Begins to tell a listener; what it returns ends that."""


@dataclass(frozen=True, kw_only=True)
class Owner[PartT]:
    """What an entity belongs to: its device, and its part of the snapshot.

    ``key`` names it in the store and tells its entities when something changed.
    """

    key: str
    unique_id: str
    device: DeviceInfo
    part: Callable[[SiteSnapshot], PartT]
    subentry_id: str | None = None


type Described = Iterator[tuple[Owner[Any], Sequence[EntityDescription]]]
"""The entities of a half on one platform, by what they belong to."""


@dataclass(frozen=True, kw_only=True)
class PartSensorDescription[PartT](SensorEntityDescription):
    """A sensor of one part of the snapshot."""

    value_fn: Callable[[PartT], SensorValue]
    translation_placeholders: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PartBinarySensorDescription[PartT](BinarySensorEntityDescription):
    """A binary sensor of one part of the snapshot."""

    is_on_fn: Callable[[PartT], bool | None]


@dataclass(frozen=True, kw_only=True)
class PartSwitchDescription[PartT](SwitchEntityDescription):
    """A switch of one part. ``turn_fn`` takes the site, the owner's key, and *on*."""

    is_on_fn: Callable[[PartT], bool]
    turn_fn: Callable[[LoadSharingCoordinator, str, bool], None]


@dataclass(frozen=True, kw_only=True)
class PartSelectDescription[PartT](SelectEntityDescription):
    """A select of one part of the snapshot."""

    option_fn: Callable[[PartT], str]
    select_fn: Callable[[LoadSharingCoordinator, str], None]


@dataclass(frozen=True, kw_only=True)
class PartButtonDescription(ButtonEntityDescription):
    """A button. ``press_fn`` takes the site and the owner's key."""

    press_fn: Callable[[LoadSharingCoordinator, str], None]


@dataclass(frozen=True, kw_only=True)
class PartEventDescription(EventEntityDescription):
    """An event entity. ``listen`` registers who hears of its events."""

    listen: Listen


@dataclass(frozen=True, kw_only=True)
class TunableDescription(EntityDescription):
    """A number that tunes the site; its range and unit come with the tunable.

    ``limited`` names what *Set limit* limits for a time through this number.
    ``default_fn`` gives the tunable anew where its default may change; the number
    then follows ``follows``.
    """

    tunable: Tunable
    limited: str | None = None
    default_fn: Callable[[], Tunable] | None = None
    follows: str = NOTHING
