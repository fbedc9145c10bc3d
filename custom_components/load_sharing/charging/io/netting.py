"""Nets the import and export sensors of a meter, once all of a telegram has arrived."""

from math import inf

from ..engine.export import (
    TELEGRAM_S,
    Evidence,
    belong_together,
    net,
    net_by_total,
    net_without_sign,
    notice,
)
from ..engine.model import Reading
from ..snapshot import ReadingProblem

ROUNDING_S = 1e-3
"""The times of states are on another clock, and rounded."""

type Checked = list[Reading | ReadingProblem]


class Netting:
    """Nets one export sensor for each import sensor, or a single one for all of them."""

    def __init__(self, *, unsigned: bool, one_for_all: bool) -> None:
        """Start without a telegram. ``unsigned`` currents are positive either way."""
        self._unsigned = unsigned
        self._one_for_all = one_for_all
        self._evidence = Evidence()
        self._whole: list[Reading] | None = None
        self._begun_s = self._newest_s = -inf
        self.due_s: float | None = None
        """When the telegram that is arriving counts as complete."""

    @property
    def found_unsigned(self) -> bool:
        """Whether the currents turned out to have no sign, unlike what was entered."""
        return self._evidence.suffices and not self._unsigned

    def of_all(
        self, imports: list[Reading], exports: list[Reading], now_s: float
    ) -> list[Reading]:
        """Return the net currents; while a telegram arrives, those of the last one.

        Its values arrive one by one. A new current beside an old export would flow the
        wrong way for an instant.
        """
        if not self._one_for_all:
            self._evidence = notice(self._evidence, imports, exports)
        arriving = self._is_arriving([*imports, *exports], now_s)
        self.due_s = None
        if arriving and self._whole is not None and self._lacks_sign:
            self.due_s = self._begun_s + TELEGRAM_S
            return self._whole
        if self._one_for_all:
            self._whole = net_by_total(imports, exports[0])
        else:
            pairs = zip(imports, exports, strict=True)
            self._whole = [self._of_phase(*pair) for pair in pairs]
        return self._whole

    def of_some(self, imports: Checked, exports: Checked) -> list[Reading | None]:
        """Return the net currents where some sensors cannot be read; else None."""
        self._whole, self.due_s = None, None
        pairs = zip(
            imports,
            exports * len(imports) if self._one_for_all else exports,
            strict=True,
        )
        return [
            None
            if not isinstance(imported, Reading) or not isinstance(exported, Reading)
            else imported
            if self._one_for_all
            else self._of_phase(imported, exported)
            for imported, exported in pairs
        ]

    @property
    def _lacks_sign(self) -> bool:
        """Whether the currents are taken to be positive in both directions."""
        return self._unsigned or self._one_for_all or self._evidence.suffices

    def _of_phase(self, imported: Reading, exported: Reading) -> Reading:
        """Return the net current of one phase."""
        if not self._lacks_sign:
            return net(imported, exported)
        return net_without_sign(imported, exported, noticed=not self._unsigned)

    def _is_arriving(self, readings: list[Reading], now_s: float) -> bool:
        """Return whether more of the newest telegram may be on its way."""
        newest_s = max([reading.taken_at_s for reading in readings])
        if newest_s > self._newest_s + TELEGRAM_S:
            self._begun_s = newest_s
        self._newest_s = newest_s
        passed = now_s >= self._begun_s + TELEGRAM_S - ROUNDING_S
        return not passed and not belong_together(readings)
