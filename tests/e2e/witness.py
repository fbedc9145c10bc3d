"""Notes what a card shows, also what is gone before a test asks."""

from playwright.sync_api import Locator

from .waiting import wait_until

WATCH = """card => {
    const shown = card.shadowRoot;
    card.witnessed = {overloads: 0, sentences: new Set()};
    const look = () => {
        card.witnessed.overloads += shown.querySelectorAll(".too-much").length;
        card.witnessed.sentences.add(shown.textContent);
    };
    look();
    new MutationObserver(look).observe(shown, {
        attributes: true, characterData: true, childList: true, subtree: true,
    });
}"""
OVERLOADED = "card => card.witnessed.overloads > 0"
SAID = "(card, words) => [...card.witnessed.sentences].some(s => s.includes(words))"


class Witness:
    """Everything that a card has shown since the witness came.

    A sentence stays until the next decision, which may be sooner than a busy machine
    takes for a picture.
    """

    def __init__(self, card: Locator) -> None:
        """Begin to watch."""
        self._card = card
        card.evaluate(WATCH)

    def has_seen_an_overload(self) -> bool:
        """Whether a phase or a circuit was shown beyond its limit."""
        seen: bool = self._card.evaluate(OVERLOADED)
        return seen

    def wait_for(self, words: str) -> None:
        """Wait until the card says something, or go on at once if it has."""
        wait_until(lambda: self._card.evaluate(SAID, words))
