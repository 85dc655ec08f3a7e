"""Elements of MathML that ziamath 0.13 draws otherwise than TeX: drawn as TeX does."""

from __future__ import annotations

from typing import Any

from makeready.manuscript.formula_atoms import INTEGRALS, LARGE_OPERATORS
from makeready.manuscript.mathml_repairs import ARRAY, RULES

STRETCHED_ARROW = "mxarrow"
"""The element of an arrow as long as what is above and below it: the sign, and these two."""

_NULL_DELIMITER_EM = 0.12
_ARROW_PADDING_EM = 0.3
_HIGHEST_SIGN_EM = 1.15
_ARROW_GAP_EM = 0.12
_SHORTEST_ARROW_EM = 1.4
_UNITS_IN_EM = {"em": 1.0, "ex": 0.43, "mu": 1 / 18}
_POINTS = {
    "pt": 1.0,
    "mm": 2.845,
    "cm": 28.45,
    "bp": 1.004,
    "dd": 1.07,
    "pc": 12.0,
    "in": 72.27,
    "px": 0.75,
}
_NAMED_SPACES = {
    "veryverythinmathspace": 1,
    "verythinmathspace": 2,
    "thinmathspace": 3,
    "mediummathspace": 4,
    "thickmathspace": 5,
    "verythickmathspace": 6,
    "veryverythickmathspace": 7,
}
_POINTS_IN_EM = 10
"""The size at which the widths in points of TeX are meant."""


def register_nodes() -> None:
    """Have ziamath draw these elements so."""
    from ziamath.nodes.mnode import Mnode  # noqa: PLC0415 - it reads its font

    setattr(Mnode, "size_px", _size)  # noqa: B010 - not a type of its own
    _register_operators()
    _register_names()
    _centre_limits()
    _lower_scripts()
    _register_fractions()
    _register_arrows()
    _register_enclosures()
    _register_tables()


def _size(node: Any, size: str, fontsize: float | None = None) -> float:
    """Return a length in units of the drawing; ziamath takes an em for a third more than it is."""
    em = node.glyphsize if fontsize is None else fontsize
    text = str(size).strip()
    sign = -1 if text.startswith("negative") else 1
    if mu := _NAMED_SPACES.get(text.removeprefix("negative")):
        return float(sign * mu / 18 * em)
    try:
        return float(text)
    except ValueError:
        pass
    try:
        value = float(text[:-2])
    except ValueError:
        return 0.0
    unit = text[-2:]
    if unit in _UNITS_IN_EM:
        return float(value * _UNITS_IN_EM[unit] * em)
    return float(value * _POINTS.get(unit, 0.0) / _POINTS_IN_EM * node.size)


def _register_operators() -> None:
    from ziafont.fonttypes import BBox  # noqa: PLC0415
    from ziamath.nodes.moperator import Moperator  # noqa: PLC0415

    class CentredOperator(Moperator, tag="mo"):
        """An operator; a large one is centred on the axis."""

        def _setup(self, **kwargs: Any) -> None:
            if self.width:
                # The signs for scripts cannot be stretched.
                kwargs.pop("sub", None)
                kwargs.pop("sup", None)
            super()._setup(**kwargs)  # type: ignore[no-untyped-call]
            box = self.bbox
            if self.string not in LARGE_OPERATORS or not self.string or box.ymin > box.ymax:
                return
            axis = self.units_to_points(self.font.math.consts.axisHeight)
            shift = axis - (box.ymax + box.ymin) / 2
            self.nodexy = [(x, y - shift) for x, y in self.nodexy]
            self.bbox = BBox(box.xmin, box.xmax, box.ymin + shift, box.ymax + shift)


def _register_names() -> None:
    from ziamath.nodes.mnumber import Midentifier  # noqa: PLC0415

    class Name(Midentifier, tag="mi"):
        """An identifier, without the spaces that ziamath puts around names."""

        def _getstring(self) -> str:
            return str(super()._getstring()).strip("\u2009")


def _centre_limits() -> None:
    """Centre what is above and below large operators, which ziamath shifts to one side."""
    from ziamath.nodes import munderover  # noqa: PLC0415

    def centred(place: Any) -> Any:
        def run(base: Any, limit: Any, font: Any) -> tuple[float, float]:
            x, y = place(base, limit, font)
            if getattr(base, "string", "") in LARGE_OPERATORS - INTEGRALS and base.string:
                middle = (base.bbox.xmax + base.bbox.xmin) / 2
                x = middle - (limit.bbox.xmax + limit.bbox.xmin) / 2
            return x, y

        return run

    munderover.place_over = centred(munderover.place_over)
    munderover.place_under = centred(munderover.place_under)


def _lower_scripts() -> None:
    """Set the scripts of single signs, such as brackets, at the height of those of letters."""
    from ziamath.nodes import msubsup  # noqa: PLC0415

    def lowered(place: Any, *, is_above: bool) -> Any:
        def run(base: Any, script: Any, font: Any) -> tuple[float, float, float]:
            x, y, advance = place(base, script, font)
            constants, first = font.math.consts, script.firstglyph()
            if not _is_single_sign(base) or first is None:
                return x, y, advance
            if is_above:
                shift = max(
                    constants.superscriptShiftUp,
                    constants.superscriptBottomMin - first.bbox.ymin,
                )
                return x, max(y, -base.units_to_points(shift)), advance
            shift = max(constants.subscriptShiftDown, first.bbox.ymax - constants.subscriptTopMax)
            return x, min(y, base.units_to_points(shift)), advance

        return run

    msubsup.place_super = lowered(msubsup.place_super, is_above=True)
    msubsup.place_sub = lowered(msubsup.place_sub, is_above=False)


def _is_single_sign(base: Any) -> bool:
    """Whether a node is one sign of its normal size."""
    while base.mtag == "mrow" and len(base.nodes) == 1:
        base = base.nodes[0]
    sign = getattr(base, "string", "")
    height = base.bbox.ymax - base.bbox.ymin
    is_sign = base.mtag in {"mi", "mn", "mo"} and len(sign) == 1
    return is_sign and sign not in LARGE_OPERATORS and height < _HIGHEST_SIGN_EM * base.glyphsize


def _register_fractions() -> None:
    from ziafont.fonttypes import BBox  # noqa: PLC0415
    from ziamath.nodes.mfrac import Mfrac  # noqa: PLC0415

    class Fraction(Mfrac, tag="mfrac"):
        """A fraction, with the space of TeX on both sides."""

        def leftsibling(self) -> None:
            """Return nothing: what is before it makes no difference."""

        def _setup(self, **kwargs: Any) -> None:
            super()._setup(**kwargs)
            is_stack = self.element.get("linethickness", "").startswith("0")
            pad = 0 if is_stack else _NULL_DELIMITER_EM * self.parent.glyphsize
            width = max(self.numerator.bbox.xmax, self.denominator.bbox.xmax)
            self.nodexy = [(x + pad, y) for x, y in self.nodexy]
            self.bbox = BBox(0, width + 2 * pad, self.bbox.ymin, self.bbox.ymax)


def _register_arrows() -> None:
    from ziafont.fonttypes import BBox  # noqa: PLC0415
    from ziamath.nodes.mnode import Mnode  # noqa: PLC0415

    class StretchedArrow(Mnode, tag=STRETCHED_ARROW):
        """An arrow as long as what is above and below it."""

        def __init__(self, element: Any, parent: Any, **kwargs: Any) -> None:
            super().__init__(element, parent, **kwargs)
            sign, below, above = element
            for label in (below, above):
                self.increase_child_scriptlevel(label)
            labels = [Mnode.fromelement(one, parent=self, **kwargs) for one in (below, above)]
            em = self.glyphsize
            widths = [node.bbox.xmax - node.bbox.xmin for node in labels]
            length = max(*widths, 0) + 2 * _ARROW_PADDING_EM * em
            length = max(length, _SHORTEST_ARROW_EM * em)
            arrow = Mnode.fromelement(sign, parent=self, **kwargs | {"width": length})
            box = arrow.bbox
            # Some arrows cannot be as long.
            room = (length - box.xmax + box.xmin) / 2
            length = max(length, box.xmax - box.xmin)
            gap = _ARROW_GAP_EM * em
            self.nodes, self.nodexy = [arrow], [(max(room, 0.0) - box.xmin, 0.0)]
            top, bottom = box.ymax, box.ymin
            for node, width, is_above in zip(labels, widths, (False, True), strict=True):
                if width <= 0:
                    continue
                shift = -(top + gap - node.bbox.ymin) if is_above else gap + node.bbox.ymax - bottom
                self.nodes.append(node)
                self.nodexy.append(((length - width) / 2 - node.bbox.xmin, shift))
                if is_above:
                    top = node.bbox.ymax - shift
                else:
                    bottom = node.bbox.ymin - shift
            self.bbox = BBox(0, length, bottom, top)


def _register_enclosures() -> None:
    from ziafont.fonttypes import BBox  # noqa: PLC0415
    from ziamath.nodes.menclose import Menclose  # noqa: PLC0415

    class Enclosure(Menclose, tag="menclose"):
        """A frame or stroke, whose box has the whole of its lines."""

        def _setup(self, **kwargs: Any) -> None:
            super()._setup(**kwargs)
            line = self.units_to_points(self.font.math.consts.radicalRuleThickness)
            pad, base = 2 * line, self.base.bbox
            self.bbox = BBox(
                -line / 2, self.bbox.xmax + line / 2, base.ymin - pad - line, base.ymax + pad + line
            )


def _register_tables() -> None:
    from ziafont.fonttypes import BBox  # noqa: PLC0415
    from ziamath import drawable  # noqa: PLC0415
    from ziamath.nodes.mtable import Mtable  # noqa: PLC0415

    class RuledTable(Mtable, tag="mtable"):
        """A table, with lines."""

        def leftsibling(self) -> Any:
            """Return what is before an array, which has a space beside a bracket."""
            return super().leftsibling() if self.element.get(ARRAY) else None

        def _setup(self, **kwargs: Any) -> None:
            rules = self.element.get(RULES, "")
            super()._setup(**kwargs)
            if not rules:
                return
            cells = list(zip(self.nodes, self.nodexy, strict=True))
            counts = [len(row) for row in self.element]
            rows = [[cells.pop(0) for _ in range(count)] for count in counts]
            pad = self.size_px("0.3em")
            width = self.units_to_points(self.font.math.consts.radicalRuleThickness)
            tops = [min(y - node.bbox.ymax for node, (_, y) in row) for row in rows]
            bottoms = [max(y - node.bbox.ymin for node, (_, y) in row) for row in rows]
            edges = [tops[0] - pad]
            edges += [(above + below) / 2 for above, below in zip(bottoms, tops[1:], strict=False)]
            edges.append(bottoms[-1] + pad)
            number = max(counts)
            columns = [[row[c] for row in rows if c < len(row)] for c in range(number)]
            lefts = [min(x for _, (x, _) in column) for column in columns]
            rights = [max(x + node.bbox.xmax for node, (x, _) in column) for column in columns]
            sides = [lefts[0] - pad]
            sides += [(one + other) / 2 for one, other in zip(rights, lefts[1:], strict=False)]
            sides.append(rights[-1] + pad)
            specification, _, between = rules.partition(" ")
            above = specification.startswith("-")
            shown = [above, *(sign == "-" for sign in between)]
            for edge, is_shown in zip(edges, shown, strict=False):
                if is_shown:
                    line = drawable.HLine(sides[-1] - sides[0], width, style=self.style, **kwargs)
                    self.nodes.append(line)
                    self.nodexy.append((sides[0], edge))
            box = self.bbox
            self.bbox = BBox(
                min(box.xmin, sides[0] - width),
                max(box.xmax, sides[-1] + width),
                min(box.ymin, -edges[-1] - width),
                max(box.ymax, -edges[0] + width),
            )
            column = 0
            for sign in specification.lstrip("-"):
                if sign != "|":
                    column += 1
                elif column < len(sides):
                    rule = drawable.VLine(edges[-1] - edges[0], width, style=self.style, **kwargs)
                    self.nodes.append(rule)
                    self.nodexy.append((sides[column], edges[0]))
