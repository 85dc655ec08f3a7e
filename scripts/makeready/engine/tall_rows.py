"""Table rows that are taller than a page, below the head of their table.

Where a row with ``break-inside: avoid`` does not fit an empty page below the head of its table,
the engine leaves out the head and sets the row alone. If the row is taller than the page all
the same, it is divided there, and its head comes only on a later page. Here such a row is
divided below the head. No upstream issue known; when ``table_layout`` drops the head only for a
row that fits without it, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import block

from makeready.engine.replaced_functions import replaced


@contextmanager
def tall_rows_divided() -> Iterator[None]:
    """Have the engine divide rows that do not fit a page below their head, within a context."""
    original = block.table_layout

    def table_layout(
        context: Any,
        table: Any,
        bottom_space: float,
        skip_stack: dict[int, Any] | None,
        containing_block: Any,
        page_is_empty: bool,
        absolute_boxes: list[Any],
        fixed_boxes: list[Any],
    ) -> Any:
        def lay_out() -> Any:
            return original(
                context,
                table,
                bottom_space,
                skip_stack,
                containing_block,
                page_is_empty,
                absolute_boxes,
                fixed_boxes,
            )

        result = lay_out()
        if page_is_empty and _has_head(table) and result[0] is not None:
            row = first_row_of(table, skip_stack)
            if not _has_head(result[0]) and row is not None and row.style["break_inside"] != "auto":
                block.remove_placeholders(context, [result[0]], absolute_boxes, fixed_boxes)
                row.style = row.style.copy()
                row.style["break_inside"] = "auto"
                return lay_out()
        return result

    with replaced(block, table_layout=table_layout):
        yield


def _has_head(table: Any) -> bool:
    return bool(table.children) and table.children[0].is_header


def first_row_of(table: Any, skip_stack: dict[int, Any] | None) -> Any:
    """Return the row at which a page of a table begins, or None."""
    first_group, rows = next(iter(skip_stack.items())) if skip_stack else (0, None)
    for group in table.children[first_group:]:
        if not group.is_header and not group.is_footer:
            row = next(iter(rows)) if rows else 0
            return group.children[row] if row < len(group.children) else None
    return None
