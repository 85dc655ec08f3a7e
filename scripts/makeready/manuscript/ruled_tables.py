"""Lines between the columns and rows of arrays, which ziamath 0.13 does not draw."""

from __future__ import annotations

from typing import Any

from makeready.manuscript.mathml_repairs import RULES


def draw_lines_of_tables() -> None:
    """Have ziamath draw tables with the lines that are noted for them."""
    from ziamath import drawable  # noqa: PLC0415 - it reads its font
    from ziamath.nodes.mtable import Mtable  # noqa: PLC0415

    class RuledTable(Mtable, tag="mtable"):
        """A table, with lines."""

        def _setup(self, **kwargs: Any) -> None:
            spacing = self.element.get("columnspacing") or "0.8em"
            rules = self.element.get(RULES, "")
            if rules:
                self.element.set("columnspacing", spacing)
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
            column = 0
            for sign in specification.lstrip("-"):
                if sign != "|":
                    column += 1
                elif column < len(sides):
                    rule = drawable.VLine(edges[-1] - edges[0], width, style=self.style, **kwargs)
                    self.nodes.append(rule)
                    self.nodexy.append((sides[column], edges[0]))
