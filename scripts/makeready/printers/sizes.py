"""The trim sizes that a printer offers in one binding, and the page counts of each."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.printers.tables import PT_PER_INCH, ListedSizes
from makeready.printers.tables import TrimRules as TrimRule
from makeready.printers.unsupported import UnsupportedError

TrimSize = tuple[float, float]
"""A trim size in points: width, height."""

_ROUNDING_IN = 1e-6


@dataclass(frozen=True, slots=True)
class TrimSizes:
    """The listed sizes of one binding and its range of custom ones; without ``rule``, any size.

    ``title`` names the printer and the binding in error messages.
    """

    title: str
    binding: str
    rule: TrimRule | None
    rows: tuple[ListedSizes, ...]

    def offers(self, trim: TrimSize) -> bool:
        """Return whether the printer makes books of this size."""
        return self.rule is None or self._is_custom(trim) or self._listed(trim) is not None

    def largest(self) -> TrimSize | None:
        """Return the greatest width and the greatest height; None if any size is offered."""
        if self.rule is None:
            return None
        sizes = [size for row in self.rows for size in row.trims_in]
        if self.binding in self.rule.custom_bindings:
            sizes.append((self.rule.custom_width_in[1], self.rule.custom_height_in[1]))
        widths, heights = zip(*sizes, strict=True)
        return max(widths) * PT_PER_INCH, max(heights) * PT_PER_INCH

    def maximum_pages(self, trim: TrimSize) -> int | dict[str, dict[str, int]] | None:
        """Return the highest page count of a size: one, or by ink and paper; None if unlimited.

        A custom size has the limit of the smallest listed size that contains it.
        """
        if not self.rows:
            return None
        if (listed := self._listed(trim)) is not None:
            return listed.maximum
        width_in, height_in = (side / PT_PER_INCH - self._tolerance_in for side in trim)
        containing = [
            (size[0] * size[1], number, row)
            for number, row in enumerate(self.rows)
            for size in row.trims_in
            if size[0] >= width_in and size[1] >= height_in
        ]
        # The largest custom sizes exceed every listed one: the strictest limit applies.
        row = (
            min(containing)[2] if containing else min(self.rows, key=ListedSizes.strictest_maximum)
        )
        return row.maximum

    def require_offered(self, trim: TrimSize) -> None:
        """Raise UnsupportedError, which lists the sizes, if the printer does not offer this one."""
        if self.rule is None or self.offers(trim):
            return
        width_in, height_in = (side / PT_PER_INCH for side in trim)
        if self.binding in self.rule.custom_bindings:
            (narrow, wide), (low, high) = self.rule.custom_width_in, self.rule.custom_height_in
            widths, heights = f"{narrow:g} to {wide:g} in", f"{low:g} to {high:g} in"
            hint = f"Choose a width of {widths} and a height of {heights}."
        else:
            listed = [f"{size[0]:g}x{size[1]:g}in" for row in self.rows for size in row.trims_in]
            hint = f"Choose one of: {', '.join(listed)}."
        raise UnsupportedError(
            "trim",
            f"{self.title} does not make books of {width_in:g} x {height_in:g} in.",
            hint,
        )

    @property
    def _tolerance_in(self) -> float:
        return self.rule.tolerance_in if self.rule else 0.0

    def _is_custom(self, trim: TrimSize) -> bool:
        rule = self.rule
        if rule is None or self.binding not in rule.custom_bindings:
            return False
        ranges = (rule.custom_width_in, rule.custom_height_in)
        return all(
            least - rule.tolerance_in <= side / PT_PER_INCH <= most + rule.tolerance_in
            for side, (least, most) in zip(trim, ranges, strict=True)
        )

    def _listed(self, trim: TrimSize) -> ListedSizes | None:
        """Return the row that lists a size, within the tolerance; None if there is none."""
        most_in = self._tolerance_in + _ROUNDING_IN
        for row in self.rows:
            for size in row.trims_in:
                sides = zip(trim, size, strict=True)
                if all(
                    abs(side / PT_PER_INCH - listed_side) <= most_in for side, listed_side in sides
                ):
                    return row
        return None
