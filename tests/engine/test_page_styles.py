"""The styles of pages are computed once, and pages come out as if they were for each."""

from __future__ import annotations

from contextlib import nullcontext
from unittest.mock import patch

import pytest
from weasyprint import HTML
from weasyprint.css import StyleFor

from makeready.engine.page_styles import page_styles_kept

STYLES = """
@page { size: 90mm 120mm; margin: 10mm; @top-center { content: counter(page) " of " string(head) } }
@page :left { margin-left: 20mm; @bottom-left { content: "left " counter(page) } }
@page :right { margin-right: 20mm; @bottom-right { content: "right"; width: 10vw } }
@page :first { @top-center { content: none } }
@page :blank { @top-center { content: "blank" } }
@page :nth(5) { padding-bottom: 10mm; border-top: 1pt solid }
@page wide { size: 120mm 90mm; @top-center { content: "wide " counter(page) } }
@page :nth(2 of wide) { background: silver }
h2 { break-before: left; string-set: head content() }
h2.right { break-before: right }
div { page: wide; break-before: page; height: 1cm }
p { break-before: page }
"""
BODY = (
    "<h2>One</h2><p>a</p><p>b</p><h2 class=right>Two</h2><p>c</p><p>d</p><div>e</div><div>f</div>"
    "<p>g</p><p>h</p>"
)


def pdf_of(*, kept: bool) -> bytes:
    with page_styles_kept() if kept else nullcontext():
        made: bytes = HTML(string=f"<style>{STYLES}</style>{BODY}").write_pdf()
    return made


def test_pages_of_every_kind_are_as_the_engine_makes_them() -> None:
    assert pdf_of(kept=True) == pdf_of(kept=False)


@pytest.mark.parametrize(("kept", "times"), [(True, 3), (False, 40)])
def test_styles_are_computed_for_the_first_page_and_for_each_side(
    *, kept: bool, times: int
) -> None:
    text = "<style>@page :left { margin: 2cm } p { break-before: page }</style>" + "<p>a" * 40
    computed = patch.object(
        StyleFor, "set_computed_styles", autospec=True, side_effect=StyleFor.set_computed_styles
    )
    with computed as calls, page_styles_kept() if kept else nullcontext():
        HTML(string=text).render()
    of_pages = [
        call
        for call in calls.call_args_list
        if hasattr(call.args[1], "side") and "pseudo_type" not in call.kwargs
    ]
    assert len(of_pages) == times
