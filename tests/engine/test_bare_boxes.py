"""Boxes with and without backgrounds come out as the engine draws them."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from weasyprint import HTML

from makeready.engine.bare_boxes import bare_boxes_passed_over

DOT = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC"  # noqa: E501
BODY = "<p>a <b>b <i>c</i></b></p><ul><li>d</ul><table><tbody><tr><td>e<td>f</table><img alt=g>"
RULES = (
    "",
    "html { background: silver }",
    "body { background: silver; border-radius: 1mm }",
    "@page { background: silver; border: 1mm solid; border-radius: 2mm; @top-left { content: 'x';"
    " background: gray; border-radius: 1mm } }",
    "p { border: 1mm solid; border-radius: 1mm } b { border-top-left-radius: 50%; color: gray }",
    "i { background: currentcolor } b { background: rgb(0 0 0 / 0) }",
    f"p {{ background: url({DOT}) no-repeat; visibility: hidden }} b {{ visibility: visible }}",
    "tbody, tr, td { background: linear-gradient(white, gray) } td { border-radius: 1mm }",
    f"li {{ border: 1mm solid; border-image: url({DOT}) 1 }} p {{ mask-border: url({DOT}) 1 }}",
    "b { box-decoration-break: clone; background: silver; border-radius: 9px } p { width: 2mm }",
)


@pytest.mark.parametrize("rules", RULES)
def test_a_page_is_as_the_engine_draws_it(rules: str) -> None:
    text = f"<style>@page {{ size: 60mm }} {rules}</style>{BODY}"
    made = []
    for passing in (nullcontext(), bare_boxes_passed_over()):
        with passing:
            document = HTML(string=text).render()
        made.append(document.write_pdf(uncompressed_pdf=True))
    assert made[0] == made[1]
    assert (made[0] == HTML(string=text.replace(rules, "")).write_pdf(uncompressed_pdf=True)) == (
        not rules
    )
