"""``makeready outline``: what a screen reader says, and what is said of a file that has no tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tagged_pdf import e, tagged_pdf

from conftest import makeready
from makeready.checks.reading.read_aloud import ReadAloud, read_aloud

SAID = """\
small.pdf: Small, en-GB
-- page 1
section
  heading 1: The garden
  contents of 1 entry
    entry: [link: Beds 1]
  paragraph: It is oldfashioned and [fr: tout petit], says RHS (Royal Society)[link: 1].
  note: [link: 1] A note.
  heading 2: Beds
  list of 2 items
    item: 1. Beans
    item: 2. Peas [link: here]
  table of 3 rows and 2 columns
    caption: Yields
    row: [header] Bed | [header] Pounds
    row: North | 4
    row: South |
  figure: A wall
  formula: x squared
  quotation
    paragraph: [quote: Dig.]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    target = tmp_path / "small.pdf"
    tagged_pdf().save(target)
    return target


def said_of(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    said = read_aloud(pdf)
    assert said is not None
    return [(part.kind, part.text) for part in said.parts]


def test_everything_is_said_in_order_with_its_role(small: Path) -> None:
    run = makeready("outline", small.name, cwd=small.parent)
    assert (run.code, run.err.strip()) == (0, "Reading")
    assert [line.rstrip() for line in run.out.splitlines()] == SAID.splitlines()


def test_text_that_is_drawn_from_its_end_is_said_from_its_beginning() -> None:
    pdf = tagged_pdf()
    content = pdf.pages[0].Contents.read_bytes()
    drawn = b"<5468652067617264656e> Tj"
    assert content.count(drawn) == 1
    reversed_text = b"/ReversedChars BMC [(ned) -9 (rag ehT)] TJ EMC"
    pdf.pages[0].Contents = pdf.make_stream(content.replace(drawn, reversed_text))
    assert ("heading", "The garden") in said_of(pdf)


def test_headings_only(small: Path) -> None:
    run = makeready("outline", small.name, "--headings", cwd=small.parent)
    lines = run.out.splitlines()[1:]
    assert lines == ["-- page 1", "heading 1: The garden", "  heading 2: Beds"]


def test_json(small: Path) -> None:
    run = makeready("outline", small, "--json")
    assert run.code == 0, run.err
    (one,) = json.loads(run.out)["files"]
    assert (one["title"], one["language"], one["pages_with_untagged_content"]) == (
        "Small",
        "en-GB",
        [],
    )
    heading = one["parts"][1]
    assert heading == {
        "depth": 1, "kind": "heading", "tag": "H1", "level": 1, "size": None, "language": None,
        "page": 1, "label": "1", "text": "The garden", "empty": False,
    }  # fmt: skip
    assert [part["size"] for part in one["parts"] if part["kind"] == "table"] == [
        "3 rows and 2 columns"
    ]


def test_content_in_no_tag_is_told(small: Path) -> None:
    with pikepdf.open(small, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"0 0 9 9 re f")
        pdf.save()
    run = makeready("outline", small)
    assert run.out.splitlines()[-1] == "-- not read: content in no tag on 1 page: 1"


def test_a_language_of_a_block_an_empty_element_and_a_picture_without_text() -> None:
    tree = e(
        "Document",
        e("P", "Bonjour", Lang=String("fr")),
        e("P"),
        e("Figure", draws=True),
        e("P", "x ", e("Formula", draws=True, Alt=String("y squared")), "."),
        e("H2", "old", ActualText=String("new")),
    )
    said = read_aloud(tagged_pdf(tree))
    assert said is not None
    assert [(p.kind, p.text, p.language, p.is_empty) for p in said.parts] == [
        ("paragraph", "Bonjour", "fr", False),
        ("paragraph", "", None, True),
        ("figure", "", None, True),
        ("paragraph", "x [formula: y squared].", None, False),
        ("heading", "new", None, False),
    ]


def test_a_line_of_code_is_one_and_code_in_a_paragraph_is_not() -> None:
    tree = e("Document", e("P", e("Code", "x = 1")), e("P", "Set ", e("Code", "x")), e("P"))
    assert said_of(tagged_pdf(tree)) == [
        ("code", "x = 1"),
        ("paragraph", "Set x"),
        ("paragraph", ""),
    ]


def test_a_tag_of_a_program_is_read_by_its_role_map() -> None:
    aside = e("Aside", e("P", "Take care."))
    pdf = tagged_pdf(e("Document", e("Para", "Words"), e("Odd", "more"), aside))
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(Para=Name.P, Aside=Name.Div)
    assert said_of(pdf) == [
        ("paragraph", "Words"),
        ("element", "more"),
        ("aside", ""),
        ("paragraph", "Take care."),
    ]


def test_a_cell_with_blocks_is_said_by_itself() -> None:
    rows = e("TR", e("TH", "A"), e("TD", e("L", e("LI", e("LBody", "b")))))
    assert said_of(tagged_pdf(e("Document", e("Table", rows)))) == [
        ("table", ""),
        ("row", ""),
        ("header cell", "A"),
        ("cell", ""),
        ("list", ""),
        ("item", "b"),
    ]


def _no_tags(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: _saved(path, _no_tags), "has no tags, so a screen reader has no order"),
        (lambda path: path.write_bytes(b"hello"), "cannot be read: "),
        (
            lambda path: tagged_pdf().save(path, encryption=pikepdf.Encryption("a", "b")),
            "is encrypted with a password.",
        ),
    ],
)
def test_a_file_that_cannot_be_said(
    make: Callable[[Path], object], message: str, small: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.pdf"
    make(bad)
    run = makeready("outline", bad, small)
    assert run.code == 1
    assert f"{bad.as_posix()} {message}" in run.err
    assert "hint: " in run.err
    assert "heading 1: The garden" in run.out


def _saved(path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    pdf = tagged_pdf()
    change(pdf)
    pdf.save(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    run = makeready("outline", tmp_path / "none.pdf")
    assert (run.code, "File not found" in run.err) == (2, True)


def _said_of_chain(length: int, *, in_itself: bool) -> ReadAloud | None:
    """Return what is said of elements that are each in the one before."""
    pdf = tagged_pdf(e("Document", e("P", "Last")))
    first = pdf.Root.StructTreeRoot.K[0]
    inner = first.K[0]
    for _ in range(length):
        inner = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Sect, K=Array([inner, first]))
            if in_itself
            else Dictionary(Type=Name.StructElem, S=Name.Sect, K=inner)
        )
    first.K = Array([inner])
    return read_aloud(pdf)


@pytest.mark.parametrize("in_itself", [False, True])
def test_a_tree_of_any_depth_and_in_a_circle_is_read_once(in_itself: bool) -> None:
    said = _said_of_chain(20_000, in_itself=in_itself)
    assert said is not None
    assert len(said.parts) == 20_001
    assert (said.parts[-1].text, said.parts[-1].page) == ("Last", 0)
