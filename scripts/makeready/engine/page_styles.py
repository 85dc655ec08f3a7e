"""The styles of pages and of their margin boxes, computed once for all pages with the same rules.

The index of a page is in its type, so that the engine computes them again for every page, which
takes an eighth of a section's time (WeasyPrint 70; to be offered there).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import page as page_layout

from makeready.engine.replaced_functions import replaced


@contextmanager
def page_styles_kept() -> Iterator[None]:
    """Have the styles of a document's pages computed once for as long as the context lasts."""
    original = page_layout.set_page_type_computed_styles
    known: dict[tuple[object, ...], dict[str | None, Any]] = {}

    def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
        key = (page_type.name, *_rules_for(page_type, style_for))
        computed = style_for._computed_styles
        styles = known.get(key)
        if styles is not None:
            for pseudo_type, style in styles.items():
                computed[page_type, pseudo_type] = style
            return
        # What it holds is of page types that are done, and is gone through for each new one.
        style_for._cascaded_styles.clear()
        original(page_type, html, style_for)
        # Lengths such as 1vw are of the first page, and are not known before it is made.
        if style_for.initial_page_sizes["box"] is not None:
            pseudo_types = [pseudo for _, pseudo in style_for._cascaded_styles if pseudo]
            known[key] = {pseudo: computed[page_type, pseudo] for pseudo in (None, *pseudo_types)}

    with replaced(page_layout, set_page_type_computed_styles=set_page_type_computed_styles):
        yield


def _rules_for(page_type: Any, style_for: Any) -> Iterator[tuple[int, int, int]]:
    """Yield the places of all selectors of ``@page`` rules that a page type matches."""
    matches = style_for._page_type_match
    for sheet_index, (sheet, *_) in enumerate(style_for._sheets):
        for rule_index, (_, selectors, _) in enumerate(sheet.page_rules):
            for selector_index, selector in enumerate(selectors):
                if matches(selector[-1], page_type):
                    yield sheet_index, rule_index, selector_index
