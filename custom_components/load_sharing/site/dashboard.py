"""Where a site's view on the dashboard is."""

from ..const import DASHBOARD_PAGE


def view_of(half: str, entry_id: str) -> str:
    """Return the path of a view; the dashboard's page leads to it.

    ``half`` is ``charging`` or ``heating``, as the dashboard has them.
    """
    return f"{DASHBOARD_PAGE}/{half}-{entry_id}".lower()
