"""The trim sizes that a printer cuts in one binding, and how many pages of each it binds."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.printers.figures import PT_PER_INCH, Sizes
from makeready.printers.figures import Trim as TrimRule
from makeready.printers.unsupported import UnsupportedError

Trim = tuple[float, float]
"""A trim size in points: width, height."""

_ROUNDING_IN = 1e-6


@dataclass(frozen=True, slots=True)
class TrimSizes:
    """The listed sizes of one binding and its range of custom ones; without a rule, any size.

    ``title`` names printer and binding in what is refused.
    """

    title: str
    binding: str
    rule: TrimRule | None
    rows: tuple[Sizes, ...]

    def has(self, trim: Trim) -> bool:
        """Tell whether the printer makes books of this size."""
        return self.rule is None or self._is_custom(trim) or self._listed(trim) is not None

    def largest(self) -> Trim | None:
        """Return the greatest width and the greatest height; None where any size is made."""
        if self.rule is None:
            return None
        sizes = [size for row in self.rows for size in row.trims_in]
        if self.binding in self.rule.custom_bindings:
            sizes.append((self.rule.custom_width_in[1], self.rule.custom_height_in[1]))
        widths, heights = zip(*sizes, strict=True)
        return max(widths) * PT_PER_INCH, max(heights) * PT_PER_INCH

    def limit(self, trim: Trim) -> int | dict[str, dict[str, int]] | None:
        """Return the most pages of a size: of all, by ink and paper, or None where none is said.

        A custom size has the limit of the smallest listed one that holds it.
        """
        if not self.rows:
            return None
        if (listed := self._listed(trim)) is not None:
            return listed.maximum
        width_in, height_in = (side / PT_PER_INCH - self._tolerance_in for side in trim)
        holding = [
            (size[0] * size[1], number, row)
            for number, row in enumerate(self.rows)
            for size in row.trims_in
            if size[0] >= width_in and size[1] >= height_in
        ]
        # The far corner of the range is larger than every listed size: the strictest holds.
        row = min(holding)[2] if holding else min(self.rows, key=Sizes.lowest)
        return row.maximum

    def refuse_uncut(self, trim: Trim) -> None:
        """Refuse a size that the printer does not cut, and say which it does."""
        if self.rule is None or self.has(trim):
            return
        width_in, height_in = (side / PT_PER_INCH for side in trim)
        if self.binding in self.rule.custom_bindings:
            (narrow, wide), (low, high) = self.rule.custom_width_in, self.rule.custom_height_in
            widths, heights = f"{narrow:g} to {wide:g} in", f"{low:g} to {high:g} in"
            hint = f"It cuts widths of {widths} and heights of {heights}."
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

    def _is_custom(self, trim: Trim) -> bool:
        rule = self.rule
        if rule is None or self.binding not in rule.custom_bindings:
            return False
        ranges = (rule.custom_width_in, rule.custom_height_in)
        return all(
            least - rule.tolerance_in <= side / PT_PER_INCH <= most + rule.tolerance_in
            for side, (least, most) in zip(trim, ranges, strict=True)
        )

    def _listed(self, trim: Trim) -> Sizes | None:
        """Find the row that lists a size, within the tolerance."""
        most_in = self._tolerance_in + _ROUNDING_IN
        for row in self.rows:
            for size in row.trims_in:
                sides = zip(trim, size, strict=True)
                if all(abs(side / PT_PER_INCH - one) <= most_in for side, one in sides):
                    return row
        return None
