"""What things cost. Figures to read, not checks that fail.

They run in the harness of the tests, and need the same bridge to it.
"""

from tests import plugin_bridge  # noqa: F401
