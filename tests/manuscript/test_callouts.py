"""Callouts, fenced divs and tabs in the spellings of other tools."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from tiny_book import TOML, body, chapter, read

from makeready.book.labels import labels_for
from makeready.findings import Findings
from makeready.manuscript.callouts import LABELS
from makeready.manuscript.markdown import new_markdown


def callout(role: str, title: str, content: str) -> str:
    opening = f'<aside class="callout callout-{role}"><p class="callout-title">'
    return f"{opening}{title}</p>{content}</aside>"


ONE = {
    "GitHub": ("> [!NOTE]\n> Water *it*.", "note", "Note"),
    "GitHub, lower case": ("> [!warning]\n>\n> Water *it*.", "warning", "Warning"),
    "GitHub, a line without its mark": ("> [!TIP]\nWater *it*.", "tip", "Tip"),
    "Obsidian": ("> [!tip]- Dig *deep*\n> Water *it*.", "tip", "Dig <em>deep</em>"),
    "Obsidian, another name": ("> [!bug]+\n> Water *it*.", "caution", "Error"),
    "Obsidian, an unknown name": ("> [!my-own]\n> Water *it*.", "neutral", "My own"),
    "a heading": ("> [!NOTE]\n> ### Dig\n> Water *it*.", "note", "Dig"),
    "Quarto": ("::: {.callout-note}\nWater *it*.\n:::", "note", "Note"),
    "Quarto, a heading": (
        '::: {.callout-important collapse="true"}\n## Dig *deep* {.unnumbered}\n\nWater *it*.\n:::',
        "important",
        "Dig <em>deep</em>",
    ),
    "Quarto, a title": (
        '::: {.callout-tip title="Dig *deep*"}\nWater *it*.\n:::',
        "tip",
        "Dig <em>deep</em>",
    ),
    "Pandoc": ("::: warning :::\nWater *it*.\n:::::", "warning", "Warning"),
    "Docusaurus": (
        ":::danger[Dig [*deep*]]\n\nWater *it*.\n\n:::",
        "caution",
        "Dig [<em>deep</em>]",
    ),
    "VuePress": ("::: details Dig deep\nWater *it*.\n:::", "neutral", "Dig deep"),
    "MyST, colons": (":::{note} Dig deep\n:class: wide\nWater *it*.\n:::", "note", "Dig deep"),
    "MyST": ("```{seealso}\nWater *it*.\n```", "note", "See also"),
    "MyST, a title": (
        "````{admonition} Dig *deep*\n:class: tip\n\nWater *it*.\n````",
        "tip",
        "Dig <em>deep</em>",
    ),
    "mdBook": ("```admonish warning title='Dig'\nWater *it*.\n```", "warning", "Dig"),
    "Obsidian's plugin": ("```ad-tip\ntitle: Dig\nWater *it*.\n```", "tip", "Dig"),
    "MkDocs": ("!!! note\n    Water *it*.", "note", "Note"),
    "MkDocs, a title": (
        '!!! note inline "Dig *deep*"\n\n    Water *it*.',
        "note",
        "Dig <em>deep</em>",
    ),
    "MkDocs, folded": ('???+ tip "Dig"\n    Water *it*.', "tip", "Dig"),
    "Leanpub": ("W> Water\nW> *it*.", "warning", "Warning"),
    "Leanpub, a heading": ("A> ## Dig\nA>\nA> Water *it*.", "neutral", "Dig"),
    "Markua": ("{aside}\n## Dig\n\nWater *it*.\n{/aside}", "neutral", "Dig"),
    "Markua, a class": (
        "{blurb, class: warning}\nWater *it*.\n\n{/blurb}",
        "warning",
        "Warning",
    ),
    "GitBook": (
        '{% hint style="danger" %}\nWater *it*.\n{% endhint %}',
        "caution",
        "Danger",
    ),
    "Leanpub, a class": ("{class: tip}\nB> Water *it*.", "tip", "Tip"),
}


@pytest.mark.parametrize("name", ONE)
def test_each_spelling_is_one_callout(name: str, tmp_path: Path) -> None:
    text, role, title = ONE[name]
    found = body(tmp_path, f"Before.\n\n{text}\n\nAfter.").replace(" unnumbered", "")
    found = re.sub(r' wide| id="chapter-1-[a-z-]*"', "", found)
    expected = callout(role, title, "<p>Water <em>it</em>.</p>")
    assert found == f"<p>Before.</p>{expected}<p>After.</p>"


def test_a_callout_without_a_title_has_none(tmp_path: Path) -> None:
    text = '!!! note ""\n    Dig.\n\nB> Dig.\n\n::: {.callout-tip title=""}\nDig.\n:::'
    found = body(tmp_path, text)
    assert found.count("<aside") == 3
    assert "callout-title" not in found


def test_it_contains_any_blocks_and_others_of_its_kind(tmp_path: Path) -> None:
    text = (
        "> [!NOTE]\n> - a\n> - b\n>\n> ```sh\n> ls\n> ```\n>\n> > [!TIP] Inner\n> > ::: warning\n"
        "> > Deep.[^1]\n> > :::\n\n[^1]: A note."
    )
    tree = chapter(tmp_path, text).section("chapter-1").tree
    asides = tree.findall(".//aside")
    assert [a.get("class", "").split()[-1] for a in asides] == [
        "callout-note",
        "callout-tip",
        "callout-warning",
    ]
    assert [len(list(a.iterancestors("aside"))) for a in asides] == [0, 1, 2]
    assert [block.tag for block in asides[0]] == ["p", "ul", "pre", "aside"]
    assert asides[2].find("p[2]/a").get("data-note") == "1"  # type: ignore[union-attr]


def test_its_headings_are_not_in_the_contents(tmp_path: Path) -> None:
    text = "::: note\n# Soil\n\nDig.\n\n#### Sand {#sand}\n\nDig.\n:::\n\n## Two"
    tree = chapter(tmp_path, text).section("chapter-1").tree
    assert [h.text for h in tree.iter("h1", "h2", "h3", "h4")] == ["Two"]
    sand = tree.find(".//p[@class='callout-heading']")
    assert sand is not None
    assert (sand.text, sand.get("id")) == ("Sand", "sand")


def test_what_only_looks_like_a_callout_is_text(tmp_path: Path) -> None:
    for number, text in enumerate(
        (
            "> [!NOTE](note.md) is a link.",
            "Text\nW> is no box.",
            "E>` ends code.",
            "!!! What a day",
            "??? what",
            "Colons::: here.\n::: 5 apples",
            "::: they say so, and more",
            "> Text.\n> [!NOTE]",
        )
    ):
        book, _ = read(tmp_path / str(number), {"chapter-1.md": f"# One\n\n{text}\n"})
        assert book is not None
        assert book.section("chapter-1").tree.find(".//aside") is None, text


def test_other_divs_are_containers(tmp_path: Path) -> None:
    text = (
        "::: {.column-margin #side lang=fr}\nBonjour.\n\n:::: columns\n::: {.column width=50%}\n"
        "- a\n:::\n::::\n:::"
    )
    assert body(tmp_path, text) == (
        '<div class="column-margin" id="side" lang="fr"><p>Bonjour.</p><div class="columns">'
        '<div class="column"><ul><li>a</li></ul></div></div></div>'
    )


def test_a_fence_inside_a_div_does_not_end_it(tmp_path: Path) -> None:
    text = "- a\n\n  ::: {.x}\n  ```\n  :::\n  ```\n  :::\n- b"
    code = '<pre><code><span class="code-line">:::</span></code></pre>'
    assert body(tmp_path, text) == (
        f'<ul><li><p>a</p><div class="x">{code}</div></li><li><p>b</p></li></ul>'
    )


def test_tabs_are_blocks_with_their_labels(tmp_path: Path) -> None:
    text = '=== "Python"\n\n    > a\n\n=== "C"\n    b\n\n::: {.panel-tabset}\n## R\nc\n## S\nd\n:::'
    assert body(tmp_path, text) == (
        '<div class="tab"><p class="tab-title">Python</p>'
        "<blockquote><p>a</p></blockquote></div>"
        '<div class="tab"><p class="tab-title">C</p><p>b</p></div>'
        '<div class="panel-tabset"><p class="tab-title" id="chapter-1-r">R</p><p>c</p>'
        '<p class="tab-title" id="chapter-1-s">S</p><p>d</p></div>'
    )


def test_an_indented_callout_ends_with_its_indent(tmp_path: Path) -> None:
    text = "- a\n\n    !!! note\n        In it.\n    After it.\n\nAfter the list."
    expected = callout("note", "Note", "<p>In it.</p>")
    assert body(tmp_path, text) == (
        f"<ul><li><p>a</p>{expected}<p>After it.</p></li></ul><p>After the list.</p>"
    )


def test_its_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = "> [!NOTE] *T*\n> a\n\nW> b\nW>\nW> c\n\n!!! tip\n    d\n\n::: note\ne\n:::"
    tree = chapter(tmp_path, text).section("chapter-1").tree
    found = [(p.text or "", p.get("data-line")) for p in tree.iter("p") if not p.get("class")]
    assert found == [("a", "4"), ("b", "6"), ("c", "8"), ("d", "11"), ("e", "14")]


def test_titles_are_in_the_language_of_the_book_or_its_own_words(tmp_path: Path) -> None:
    text = "> [!NOTE]\n> a\n\n> [!WARNING]\n> b"
    toml = TOML.replace('"en"', '"de"') + '[words]\nwarning = "Obacht"\n'
    found = body(tmp_path, text, toml)
    assert '<p class="callout-title">Hinweis</p>' in found
    assert '<p class="callout-title">Obacht</p>' in found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru", "kk"])
def test_each_language_has_the_labels_of_callouts(language: str) -> None:
    findings = Findings()
    labels = labels_for(language, {}, findings, None)  # type: ignore[arg-type]
    assert all(labels[key].strip() for key in LABELS)
    assert list(findings) == []


LINES = [
    "::: note\n",
    ":::\n",
    "!!! a\n",
    "> [!NOTE]\n",
    "W> a\n",
    "```{note}\n",
    "::: {a {a ",
    "{aside}\n",
    "{aside}\n{/aside}\n",
    "!!! a ",
    "::: [[",
]


@pytest.mark.parametrize("line", LINES)
def test_long_texts_are_read_in_little_time(line: str) -> None:
    parser = new_markdown().parser
    began = time.process_time()
    parser.parseDocument((line * (100_000 // len(line))).split("\n"))
    assert time.process_time() - began < 3
