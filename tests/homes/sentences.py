"""The English sentences of the moment."""

import json
from pathlib import Path
from string import Formatter

from custom_components.load_sharing.site.moment import Moment

TEXTS: dict[str, str] = json.loads(
    (
        Path(__file__).parents[2]
        / "custom_components/load_sharing/translations/en.json"
    ).read_text()
)["common"]


def sentence(moment: Moment) -> str:
    """Return the sentence, made of exactly the placeholders that the moment has."""
    text = TEXTS[moment.key]
    assert {name for _, name, _, _ in Formatter().parse(text) if name} == set(
        moment.placeholders
    ), moment
    return text.format_map(dict(moment.placeholders))
