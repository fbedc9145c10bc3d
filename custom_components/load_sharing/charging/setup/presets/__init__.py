"""Presets: what fills in the forms for a charger of a known integration.

To add a preset:

1. Take the facts from the integration's source code: the unique IDs of its entities
   (users rename everything else), the states that mean charging, and its actions.
   Choose a control that does not write to flash memory.
   A switch that shows whether a car charges turns off by itself: press it by actions.
2. Add a ``Preset`` to ``built_in``, ``hacs`` or ``mqtt``: the integration, how its chargers are
   controlled (``control``), the entities that identify one (``required``,
   ``optional``), and the form fields that are the same for all of them (``fields``).
3. Leave out what is not certain: the user fills it in. Also leave out a measured
   current or power that may be older than its report: those of a cloud, those of OCPP,
   and those of Zigbee2MQTT, which publishes all values of a device with each of them.
4. If every command is costly, because a cloud limits its calls or each is written to
   flash memory, say so with ``CONF_COMMANDS`` in ``fields``.
5. Let the integration make the entities in ``tests/charging/setup/built_in``, or write
   down there which ones its source code makes.
6. Describe the charger in ``docs/chargers.md``, with the version that was read, and name
   it in the README.
"""

from .built_in import BUILT_IN
from .cars import CARS
from .hacs import HACS
from .mqtt import BY_HAND, OVER_MQTT
from .preset import Preset

# The first charger that is found is offered first. So a charger comes before a car, which
# may not be at home, and what is certain before what is not.
PRESETS: tuple[Preset, ...] = (*HACS, *BUILT_IN, *OVER_MQTT, *CARS, BY_HAND)
