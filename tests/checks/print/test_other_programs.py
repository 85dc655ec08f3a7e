"""Whole files of other programs: what is true of them is found, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from pikepdf import Array, Dictionary, Name

from makeready.build.check_file import ExternalFiles, check_external_files

_PAGES = """<!doctype html><html lang="en"><head><title>A garden</title><style>
@page { size: 6in 9in; margin: 0.75in } h1 { break-before: page } body { font: 11pt serif }
</style></head><body>%s</body></html>"""
_CHAPTER = "<h1>Chapter</h1><p>The garden wall held warm air long after dusk.</p>"
_LAST = '<p><a href="https://example.org/">A link</a> <span style="font-size: 6pt">tiny</span></p>'


def found(path: Path, printer: str) -> dict[str, str]:
    submission = ExternalFiles(interior=path, printer=printer)
    findings = check_external_files(submission, lambda _: None, 300).findings
    return {finding.id: finding.message for finding in findings}


# KDP's and Lulu's shortest books, and IngramSpark's, in one.
HTML = _PAGES % (_CHAPTER * 31 + _CHAPTER + _LAST)
SCREENS = {
    "kdp": {"PRN-009", "PRN-044", "PRN-060"},
    "lulu": {"PRN-009", "PRN-060"},
    "ingramspark": {"PRN-007", "PRN-009", "PRN-015", "PRN-024", "PRN-056"},
}


@pytest.fixture(scope="module")
def browser_s(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    (folder / "book.html").write_text(HTML, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run(
        ["chromium", *options, f"--user-data-dir={folder / 'own'}",
         "--print-to-pdf=book.pdf", "book.html"],
        cwd=folder, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return folder / "book.pdf"


@pytest.mark.slow
@pytest.mark.parametrize("printer", SCREENS)
def test_a_browser_s_file(browser_s: Path, printer: str) -> None:
    messages = found(browser_s, printer)
    assert set(messages) == SCREENS[printer]
    assert messages["PRN-009"] == "PDF page 32: links or comments."


@pytest.mark.slow
@pytest.mark.parametrize("printer", SCREENS)
def test_a_typesetting_engine_s_file(printer: str, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    weasyprint.HTML(string=HTML).write_pdf(path)
    messages = found(path, printer)
    # Headings are its bookmarks, and it underlines a link with a hairline.
    hairline = {"PRN-045"} if printer == "kdp" else set()
    assert set(messages) == SCREENS[printer] | {"PRN-010"} | hairline


def typst_like(path: Path) -> Path:
    """Write 32 pages as Typst does: grey with a profile, RGB with one, links, no trim box."""
    with pikepdf.Pdf.new() as pdf:
        grey, screens = (pdf.make_stream(b"", N=channels) for channels in (1, 3))
        spaces = Dictionary(d65gray=[Name.ICCBased, grey], srgb=[Name.ICCBased, screens])
        for _ in range(32):
            page = pdf.add_blank_page(page_size=(432, 648))
            page.Resources = Dictionary(ColorSpace=spaces)
            page.contents_add(b"/d65gray cs 0 scn 200 300 20 20 re f")
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 20, 20]))
        pdf.pages[3].Annots = Array([pdf.make_indirect(link)])
        pdf.pages[4].contents_add(b"/srgb cs 1 0 0 scn 200 330 20 20 re f")
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.save(path)
    return path


@pytest.mark.parametrize(
    ("printer", "expected"),
    [
        ("kdp", {"PRN-009": "PDF page 4", "PRN-060": "PDF page 5"}),
        ("lulu", {"PRN-009": "PDF page 4", "PRN-060": "PDF page 5"}),
    ],
)
def test_a_file_such_as_typst_s(printer: str, expected: dict[str, str], tmp_path: Path) -> None:
    messages = found(typst_like(tmp_path / "book.pdf"), printer)
    assert {rule: message[:10] for rule, message in messages.items()} == expected
