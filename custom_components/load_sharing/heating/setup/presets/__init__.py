"""Presets: what fills in the forms for known radiator heads and boilers.

To add one:

1. Take the facts from the integration's source code: the unique IDs of its entities
   (users rename everything else), and what its numbers really do.
2. Add a ``Head`` to ``heads``, or a ``Boiler`` to ``boilers``.
3. Leave out what is not certain: the user fills it in. A number that limits how far a
   head opens, that only works in a mode of its own, or that is kept in memory that wears
   out, belongs to ``LIMITS``, so that it is asked about if a user chooses it.
4. Let the integration make the entities in ``tests/heating/setup/built_in``, or write
   down in ``tests/heating/setup/registries.py`` which ones its source code makes.
5. Describe it in ``docs/heads.md`` or ``docs/boilers.md``, with the version that was read.
"""

from .boilers import BOILERS, REWRITTEN
from .heads import HEADS, LIMITS

__all__ = ["BOILERS", "HEADS", "LIMITS", "REWRITTEN"]
