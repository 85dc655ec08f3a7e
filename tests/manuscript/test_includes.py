"""Files that a text includes: code and Markdown, whole and in part, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import TOML, read, reported, write_book

from makeready.findings import Findings, Severity
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

CODE = """\
fn a() {}
// ANCHOR: part
fn b() {
    // ANCHOR: inner
    c();
    // ANCHOR_END: inner
}
// ANCHOR_END: part
# --8<-- [start:two]
fn d() {}
# --8<-- [end:two]
"""
B = "fn b() {\n    c();\n}"
ALL = f"fn a() {{}}\n{B}\nfn d() {{}}"

IN_FENCES = {
    "```js\n{{#include code/a.js}}\n```": ALL,
    "```js\n{{#include code/a.js:1}}\n```": "fn a() {}",
    "```js\n{{#include code/a.js:3:5}}\n```": "fn b() {\n    c();",
    "```js\n{{#include code/a.js:9:}}\n```": "fn d() {}",
    "```js\n{{#include code/a.js::1}}\n```": "fn a() {}",
    "```js\n{{#include code/a.js:part}}\n```": B,
    "```js\n{{#rustdoc_include code/a.js:inner}}\n```": "    c();",
    "```js\nx\n  {{#include code/a.js:two}}\ny\n```": "x\n  fn d() {}\ny",
    '```js\n--8<-- "code/a.js:two"\n```': "fn d() {}",
    '```js\n--8<-- "code/a.js:1:1,9:10"\n```': "fn a() {}\nfn d() {}",
    "```js\n{{< include /code/a.js >}}\n```": ALL,
    "{{#playground code/a.js editable}}": ALL,
    "<<(code/a.js)": ALL,
    "<<[A title](code/a.js)": f"A title{ALL}",
    "```{literalinclude} code/a.js\n:caption: T\n:lines: 1,10\n```": (
        "Listing\xa01. Tfn a() {}\nfn d() {}"
    ),
    "```{literalinclude} code/a.js\n:start-after: part\n:end-before: inner\n```": "fn b() {",
    "```js eval=false\n{{#include code/a.js}}\n```": "{{#include code/a.js}}",
    "```js\n\\{{#include code/a.js}}\n```": "\\{{#include code/a.js}}",
    "```rust\n# hidden\n#\n#[derive(A)]\nx\n```": "#[derive(A)]\nx",
}


@pytest.mark.parametrize("source", IN_FENCES)
def test_code_of_a_file(source: str, tmp_path: Path) -> None:
    files = {"chapter-1.md": f"# A\n\n{source}\n", "code/a.js": CODE}
    book, findings = read(tmp_path, files)
    assert book is not None
    assert findings == []
    assert "".join(book.sections[0].tree.itertext()) == IN_FENCES[source]


PARTIAL = "One *part*.\n\n## Under it {#under}\n\nTwo.\n"
AS_MARKDOWN = {
    "{{#include part/_one.md}}": PARTIAL,
    "{{< include part/_one.md >}}": PARTIAL,
    '--8<-- "part/_one.md"': PARTIAL,
    "--8<--\npart/_one.md\n--8<--": PARTIAL,
    "```{include} part/_one.md\n```": PARTIAL,
    "{{#include part/_one.md:1:1}}": "One *part*.",
    "Version {{#include part/version}} of it.": "Version 1.2 of it.",
    "> {{#include part/_one.md}}": "> One *part*.\n>\n> ## Under it {#under}\n>\n> Two.",
    "- {{#include part/_one.md}}": "- One *part*.\n\n  ## Under it {#under}\n\n  Two.",
    "{{#include part/two.md}}": PARTIAL,
    "`{{#include part/_one.md}}` is mdBook's.": "`{{#include part/_one.md}}` is mdBook's.",
}


@pytest.mark.parametrize("source", AS_MARKDOWN)
def test_a_file_of_markdown_is_read_in_place(source: str, tmp_path: Path) -> None:
    files = {"part/_one.md": PARTIAL, "part/two.md": "{{#include _one.md}}\n"}
    files["part/version"] = "1.2\n"
    told = []
    for name, text in (("a", source), ("b", AS_MARKDOWN[source])):
        book, findings = read(tmp_path / name, {**files, "chapter-1.md": f"# A\n\n{text}\n"})
        assert book is not None
        assert findings == []
        (tree,) = (section.tree for section in book.sections)
        for element in tree.iter():
            element.attrib.pop("data-line", None)
        told.append([(e.tag, dict(e.attrib), e.text, e.tail) for e in tree.iter()])
    assert told[0] == told[1]


REFUSED = {
    "{{#include ../secret.md}}": "it is outside the book's folder",
    "{{#include /../secret.md}}": "it is outside the book's folder",
    "{{#include link.md}}": "it is outside the book's folder",
    "{{#include part/none.md}}": "there is no such file",
    "{{#include chapter-1.md}}": "it includes itself",
    "{{#include a.md}}": "it includes itself",
    "{{#include part.md:none}}": "it has no part named none",
    "{{#include part.md:7:9}}": "it has no lines 7:9",
    '--8<-- "https://example.com/a.md"': "it is not a file of the book",
    "```py\n{{#include ../secret.md}}\n```": "it is outside the book's folder",
    "```{literalinclude} ../secret.md\n```": "it is outside the book's folder",
    "{{#include latin.md}}": "it is not text in UTF-8",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_cannot_be_included(source: str, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("SECRET")
    files: dict[str, str | bytes] = {
        "chapter-1.md": f"# A\n\nText.\n\n{source}\n",
        "part.md": "x\n",
        "a.md": "{{#include b.md}}\n",
        "b.md": "{{#include a.md}}\n",
        "latin.md": b"\xe9",
    }
    root = write_book(tmp_path / "book", files)
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    findings = Findings()
    book = read_book(root, findings)
    assert book is not None
    (found,) = [finding for finding in findings if finding.id != "MAN-002"]
    is_missing = "none.md" in source
    assert (found.id, found.severity) == (
        ("MAN-069", Severity.WARNING) if is_missing else ("MAN-062", Severity.ERROR)
    )
    assert REFUSED[source] in found.message
    assert "SECRET" not in "".join(book.sections[0].tree.itertext())


def test_what_leads_into_text_that_is_left_out_leads_nowhere(tmp_path: Path) -> None:
    chapter = "# A\n\nSee [the frost](#frost).\n\n{{#include none.md}}\n"
    root = write_book(tmp_path / "book", {"chapter-1.md": chapter})
    findings = Findings()
    assert read_book(root, findings) is not None
    found = {(finding.id, finding.severity) for finding in findings if finding.id != "MAN-002"}
    assert found == {("MAN-069", Severity.WARNING), ("REF-001", Severity.ERROR)}


def test_includes_of_includes_end(tmp_path: Path) -> None:
    files = {f"f{n}.md": f"{{{{#include f{n + 1}.md}}}}\n" * 50 for n in range(12)}
    write_book(tmp_path, {"chapter-1.md": "# A\n\n{{#include f0.md}}\n", **files})
    findings = Findings()
    assert read_book(tmp_path, findings) is not None
    assert {finding.id for finding in findings} == {"MAN-062", "MAN-002"}


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    files = {"chapter-1.md": "# A\n\n```\n{{#include a.py}}\n```\n\n{{#include b.txt}}\n"}
    root = write_book(tmp_path / "book", {**files, "a.py": "one\n", "b.txt": "two\n"})
    unchanged = UnchangedSections(tmp_path / "cache")

    def text() -> str:
        findings = Findings()
        book = read_book(root, findings, unchanged_sections=unchanged)
        assert book is not None
        assert reported(findings) == []
        return "".join(book.sections[0].tree.itertext())

    assert text() == "onetwo"
    (root / "b.txt").write_text("three\n")
    assert text() == "onethree"
    (root / "chapter-1.md").write_text("# A\n\n```py\n{{#include a.py}}\n```\n")
    assert text() == "one"
    (root / "a.py").write_text("four\n")
    assert text() == "four"


def test_a_file_that_is_included_need_not_be_listed(tmp_path: Path) -> None:
    files = {"chapter-1.md": "# A\n\n{{#include _part.md}}\n", "_part.md": "Text.\n"}
    assert read(tmp_path / "a", {**files, "book.toml": TOML})[1] == []
    files["chapter-1.md"] = "# A\n\nText.\n"
    assert read(tmp_path / "b", files)[1] == [("MAN-002", "_part.md", 1)]
