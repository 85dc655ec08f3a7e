"""The names by which a reference finds its target: ids, files, and the ids of other tools."""

from __future__ import annotations

import pytest
from generated_books import book_of, found, markup, png
from lxml import etree

TWO = """# The End {#finis}

## Late frost

[a]{#spot} [b]{#fig:one}

## Late frost

## 2. Don't -- *wait*, "é" & so_on

## Ещё раз
"""


def target_of(link: str, one: str = "", two: str = TWO) -> str | None:
    """Return the address of a link in chapter 1 of a book without findings."""
    files = {"chapter-1.md": f"# Begin\n\n[x]({link})\n\n{one}\n", "chapter-2.md": two}
    with book_of(files) as (book, findings):
        assert found(findings) == []
        reference = book.section("chapter-1").tree.find("p/a")
        assert reference is not None
        assert (reference.get("href") or "#").removeprefix("#") in book.anchors
        return reference.get("href")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("chapter-2.md", "#chapter-2"),
        ("./chapter-2.md", "#chapter-2"),
        ("../text/chapter-2.html", "#chapter-2"),
        ("chapter-2", "#chapter-2"),
        ("#finis", "#chapter-2"),
        ("chapter-2.md#finis", "#chapter-2"),
        ("chapter-2.md#the-end", "#chapter-2"),
        ("chapter-2.md#spot", "#spot"),
        ("chapter-2.md#late-frost", "#chapter-2-late-frost"),
        ("chapter-2.html#Late-Frost", "#chapter-2-late-frost"),
        ("chapter-2.md#late-frost-1", "#chapter-2-late-frost-2"),
        ("chapter-2.md#chapter-2-late-frost", "#chapter-2-late-frost"),
        ("#chapter-2-late-frost-2", "#chapter-2-late-frost-2"),
        ("chapter-2.md#2-dont----wait-é--so_on", "#chapter-2-2-dont-wait-e-so-on"),
        ("chapter-2.md#2-dont----wait-%C3%A9--so_on", "#chapter-2-2-dont-wait-e-so-on"),
        ("chapter-2.md#dont-wait-é-so_on", "#chapter-2-2-dont-wait-e-so-on"),
        ("chapter-2.md#ещё-раз", "#chapter-2-eshchyo-raz"),
        ("#ещё-раз", "#chapter-2-eshchyo-raz"),
        ("#fig:one", "#chapter-2-fig-one"),
        ("chapter-1.md", "#chapter-1"),
    ],
)
def test_a_reference_finds_its_target(link: str, target: str):
    assert target_of(link) == target


@pytest.mark.parametrize(
    ("one", "link", "target"),
    [
        ("## Early frost", "#early-frost", "#chapter-1-early-frost"),
        ("[a]{#spot}", "#spot", "#spot"),
        ("[a]{#spot}", "chapter-2.md#spot", "#chapter-2-spot"),
        ("## Late frost", "#late-frost", "#chapter-1-late-frost"),
        ("## Finis", "#finis", "#chapter-2"),
        ('A<a name="w"></a>', "#w", "#w"),
        ('<a id="1st"></a>\n\n## B', "#1st", "#chapter-1-1st"),
        ("[](){#w}\n\nB", "#w", "#w"),
        ("## Title\n\nB", "#title", "#chapter-1-title-2"),
        ("## Note 1\n\nB", "#note-1", "#chapter-1-note-1-2"),
        ("::: {.callout-tip}\n## Ice\n\nB\n:::", "#ice", "#chapter-1-ice"),
        ("::: {.callout-tip}\nB\n\n## Ice\n\nC\n:::", "#ice", "#chapter-1-ice"),
        ("> [!NOTE]\n> ## Ice\n>\n> B\n\n## Ice\n\nC", "#ice", "#chapter-1-ice"),
        ("::: {.panel-tabset}\n## Ice\nB\n## Snow\nC\n:::", "#snow", "#chapter-1-snow"),
    ],
)
def test_a_name_is_looked_for_in_its_own_section_first(one: str, link: str, target: str):
    assert target_of(link, one) == target


def test_an_id_in_two_sections_is_ambiguous_in_a_third_only():
    files: dict[str, str | bytes] = {
        "chapter-1.md": "# One\n\n[a]{#x} [b](#x)\n",
        "chapter-2.md": "# Two\n\n[a]{#x} [b](#x)\n",
        "chapter-3.md": "# Three\n\n[b](#x)\n",
        "chapter-4.md": "# Four\n\n[b](chapter-2.md#x)\n",
    }
    with book_of(files) as (book, findings):
        assert found(findings) == [("REF-014", "chapter-3.md", 3)]
        assert "chapter-1.md#x" in next(iter(findings)).hint
        links = {s.name: [a.get("href") for a in s.tree.iter("a")] for s in book.sections}
    assert links == {
        "chapter-1": ["#x"],
        "chapter-2": ["#chapter-2-x"],
        "chapter-3": [],
        "chapter-4": ["#chapter-2-x"],
    }


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("#ealy-frost", "#early-frost"),
        ("chapter-1.md#ealy-frost", "chapter-1.md#early-frost"),
        ("chapter-2.md#late-frots", "chapter-2.md#late-frost"),
        ("#fini", "#finis"),
    ],
)
def test_a_hint_names_a_target_that_exists(link: str, hint: str):
    text = f"# Begin\n\n[x]({link})\n\n## Early frost\n\na\n"
    with book_of({"chapter-1.md": text, "chapter-2.md": TWO}) as (_, findings):
        assert found(findings) == [("REF-001", "chapter-1.md", 3)]
        assert next(iter(findings)).hint.endswith(f" Did you mean “{hint}”?")
    assert target_of(hint, "## Early frost")


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("chapter-3.md", "[](#chapter-2)"),
        ("chaptr-1.html#x", "[](#chapter-1)"),
        ("a.pdf", "[](#ch"),
    ],
)
def test_a_link_to_another_file_is_reported_with_a_section(link: str, hint: str):
    with book_of({"chapter-1.md": f"# B\n\n[x]({link})\n", "chapter-2.md": TWO}) as (_, findings):
        assert found(findings) == [("REF-009", "chapter-1.md", 3)]
        assert hint in next(iter(findings)).hint


@pytest.mark.parametrize(
    "before",
    [
        '<a id="old"></a>\n\n# T',
        '<a id="old"></a>\n# T',
        '<!-- a comment -->\n<a name="old"></a>\n\n# T',
        '# <a id="old"></a>T',
        "# T {#old}",
        "[](){#old}\n\n# T",
        '<div align="center">\n<a id="old"></a>\n<h1>T</h1>\n</div>',
        '<span id="older"></span><a id="old"></a>\n\n# T {#new}',
    ],
)
def test_an_anchor_before_the_title_belongs_to_it(before: str):
    with book_of({"chapter-1.md": f"{before}\n\n[](#old)\n"}) as (book, findings):
        assert found(findings) == []
        section = book.sections[0]
        assert section.title == "T"
        assert markup(section.title_tree) == ""
        assert markup(section.tree) == (
            '<p><a href="#chapter-1" class="xref" data-form="number"></a></p>'
        )


def test_an_image_before_the_title_is_no_text():
    text = "![a](images/a.png)\n\n# T\n\nText.\n"
    with book_of({"chapter-1.md": text, "images/a.png": png()}) as (book, findings):
        assert found(findings) == []
        assert [element.tag for element in book.sections[0].tree] == ["p", "p"]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<a id="x"></a>\n\n## A', '<h2 id="x">A</h2>'),
        ('## <a id="x"></a>A {#y}', '<h2 id="y">A</h2>'),
        ('<a id="x"></a>\n\nA.', '<p id="x">A.</p>'),
        ('A.\n\n<a id="x"></a>', '<p>A.</p><p><a id="x"></a></p>'),
    ],
)
def test_an_anchor_belongs_to_the_block_below(source: str, wanted: str):
    files: dict[str, str | bytes] = {"chapter-1.md": f"# T\n\n[b](#x)\n\n{source}\n"}
    with book_of(files) as (book, findings):
        assert found(findings) == []
        tree = book.sections[0].tree
        assert tree[0][0].get("href") in {"#x", "#y"}
        tree.remove(tree[0])
        assert markup(tree) == wanted


def test_many_headings_of_one_text_have_ids_soon():
    with book_of({"chapter-1.md": "# T\n\n" + "## A\n\n" * 3_000 + "b\n"}) as (book, _):
        ids = [heading.get("id") for heading in book.sections[0].tree.iter("h2")]
    assert ids[:2] == ["chapter-1-a", "chapter-1-a-2"]
    assert ids[-1] == "chapter-1-a-3000"
    assert etree.tostring(book.sections[0].tree)
