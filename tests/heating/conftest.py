"""Settings of the tests of the heating, which live through hours of it."""

import pytest


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Run without asyncio's debug mode, which takes twice as long as the test itself.

    The tests of the site run with it.
    """
