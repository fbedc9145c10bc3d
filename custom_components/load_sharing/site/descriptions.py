"""How a half describes its entities to the platforms: data, not entities yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.button import ButtonEntityDescription
from homeassistant.components.event import EventEntityDescription
from homeassistant.components.select import SelectEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription

from .moment import Moment
from .notices import Listen
from .snapshot import SiteSnapshot
from .tunables import Tunable

NOTHING: Final = "nothing"
"""What an entity follows that does not depend on the snapshot."""

type SensorValue = float | str | datetime | None
type Attributes = Mapping[str, float | str | datetime | None]
type SetLimit = Callable[[float | None, timedelta | None], None]
"""Sets a limit in A, for a time or until further notice; None removes the limit."""


@dataclass(frozen=True, kw_only=True)
class Owner[PartT]:
    """What an entity belongs to: its device, and its part of the snapshot.

    ``key`` names the owner in the store. Its entities are updated under that name.
    """

    key: str
    unique_id: str
    device: DeviceInfo
    part: Callable[[SiteSnapshot], PartT]
    subentry_id: str | None = None


type Described = Iterator[tuple[Owner[Any], Sequence[EntityDescription]]]
"""The entities of a half on one platform, by their owner."""


@dataclass(frozen=True, kw_only=True)
class PartSensorDescription[PartT](SensorEntityDescription):
    """A sensor of one part of the snapshot.

    ``attributes_fn`` returns what belongs to the value. It changes only with it.
    ``last_reset_fn`` returns since when a total is counted that may also go down.
    """

    value_fn: Callable[[PartT], SensorValue]
    last_reset_fn: Callable[[PartT], datetime] | None = None
    attributes_fn: Callable[[PartT], Attributes] | None = None
    translation_placeholders: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PartMomentDescription[PartT](SensorEntityDescription):
    """A sensor that says in one sentence what happens."""

    moment_fn: Callable[[PartT], Moment]


@dataclass(frozen=True, kw_only=True)
class PartBinarySensorDescription[PartT](BinarySensorEntityDescription):
    """A binary sensor of one part of the snapshot."""

    is_on_fn: Callable[[PartT], bool | None]


@dataclass(frozen=True, kw_only=True)
class PartSwitchDescription[PartT](SwitchEntityDescription):
    """A switch of one part of the snapshot. ``turn_fn`` turns it on or off."""

    is_on_fn: Callable[[PartT], bool]
    turn_fn: Callable[[bool], None]


@dataclass(frozen=True, kw_only=True)
class PartSelectDescription[PartT](SelectEntityDescription):
    """A select of one part of the snapshot. ``select_fn`` selects an option."""

    option_fn: Callable[[PartT], str]
    select_fn: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class PartButtonDescription(ButtonEntityDescription):
    """A button."""

    press_fn: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class PartEventDescription(EventEntityDescription):
    """An event entity. ``listen`` subscribes it to its events."""

    listen: Listen


@dataclass(frozen=True, kw_only=True)
class TunableDescription(EntityDescription):
    """A number that tunes the site; its range and unit come with the tunable.

    If its default can change, ``default_fn`` returns the tunable as it is now, and
    ``follows`` is what the number follows.
    """

    tunable: Tunable
    default_fn: Callable[[], Tunable] | None = None
    follows: str = NOTHING


def describe_tunable(tunable: Tunable) -> TunableDescription:
    """Describe the number of a tunable whose default never changes."""
    return TunableDescription(
        key=tunable.key,
        tunable=tunable,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=not tunable.expert,
    )


@dataclass(frozen=True, kw_only=True)
class MaximumDescription(TunableDescription):
    """A maximum, below which *Set limit* sets a temporary limit.

    ``limited`` is the name of what is limited.
    """

    limited: str
    set_limit_fn: SetLimit


def describe_tunables(
    tunables: Iterable[Tunable], *, maximum: str, limited: str, set_limit: SetLimit
) -> list[TunableDescription]:
    """Describe the numbers of tunables, one of which is a maximum.

    Temporary limits of what is named ``limited`` are set on the number with the key
    ``maximum``. It is not a configuration entity, as actions on areas and devices skip
    those.
    """
    return [
        MaximumDescription(
            key=tunable.key, tunable=tunable, limited=limited, set_limit_fn=set_limit
        )
        if tunable.key == maximum
        else describe_tunable(tunable)
        for tunable in tunables
    ]


def rounded(value: float | None, digits: int) -> float | None:
    """Return a value as precise as it is worth showing; None stays None."""
    return None if value is None else round(value, digits)
