"""The checks on a screen PDF: a clean file, and the same file broken in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from check_samples import SCREEN, Break
from pikepdf import Array, Dictionary, Pdf

from makeready.checks.print.screen_pdf import check_screen
from makeready.findings import Findings

pytest_plugins = ["check_fixtures"]


def check(path: Path) -> list[str]:
    findings = Findings()
    check_screen(path, SCREEN, findings)
    return [finding.id for finding in findings]


def test_a_clean_screen_pdf(screen: Path) -> None:
    assert check(screen) == []


def _without(key: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        del pdf.Root[f"/{key}"]

    return change


def _not_marked(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def _no_title(pdf: Pdf) -> None:
    del pdf.docinfo["/Title"]


def _empty_labels(pdf: Pdf) -> None:
    pdf.Root.PageLabels = Dictionary(Nums=Array())


def _no_font_file(pdf: Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/FontFile2" in item:
            del item["/FontFile2"]


def _other_size(pdf: Pdf) -> None:
    pdf.pages[1].obj["/MediaBox"] = Array([0, 0, 432, 648])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_without("StructTreeRoot"), "ACC-001"),
        (_not_marked, "ACC-001"),
        (_without("Lang"), "ACC-002"),
        (_no_title, "ACC-003"),
        (_without("ViewerPreferences"), "ACC-003"),
        (_without("PageLabels"), "ACC-004"),
        (_empty_labels, "ACC-004"),
        (_without("Outlines"), "ACC-005"),
        (_no_font_file, "PRN-004"),
        (_other_size, "PRN-001"),
    ],
)
def test_one_fault(change: Callable[[Pdf], None], rule: str, broken_screen: Break) -> None:
    assert check(broken_screen(change)) == [rule]


def test_what_is_no_pdf(tmp_path: Path) -> None:
    target = tmp_path / "book.pdf"
    target.write_bytes(b"hello")
    assert check(target) == ["PRN-013"]
