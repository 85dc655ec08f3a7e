"""A screen edition with ``pdf_a`` is an archive copy too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from conftest import CACHE, makeready


@pytest.mark.slow
def test_a_screen_edition_is_an_archive_copy_on_request(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    with (book / "book.toml").open("a") as toml:
        toml.write('\n[editions.screen]\nkind = "screen"\npdf_a = "3a"\n')
    where = ("--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    run = makeready("build", "screen", *where)
    assert run.code == 0, run.err
    with pikepdf.open(tmp_path / "out" / "leaflet-screen.pdf") as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", ())]
        assert {int(link.F) for link in links} == {4}
    for claim in (b'pdfaid:part="3" pdfaid:conformance="A"', b'pdfuaid:part="1"'):
        assert metadata.count(claim) == 1


def test_a_print_edition_is_no_archive_copy(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    text = (book / "book.toml").read_text("utf-8").replace('"print"', '"print"\npdf_a = "2a"')
    (book / "book.toml").write_text(text, "utf-8")
    run = makeready("build", "--book", book, "--output", tmp_path / "out", "--json")
    assert [finding[0] for finding in run.findings] == ["MET-030"]
