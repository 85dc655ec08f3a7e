"""Chapters of the manual that are made of data: findings of ``rules/``, printers and stores.

Run as a program, it writes them; a test compares them with the data.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from makeready.findings import Rule, rules_by_id
from makeready.printers.description import Description, describe_printer
from makeready.printers.profile import GENERIC, printer_names, read_profile
from makeready.stores.description import describe_store
from makeready.stores.store import stores_named
from makeready.wording import with_placeholders

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual"
_WIDTH = 100
_NOTICE = "<!-- Made by tests/manual/generated_chapters.py: change the data, not this file. -->"

FAMILIES = {
    "MET": ("book.toml and the metadata", "of `book.toml`: keys, values, order and editions"),
    "MAN": ("The manuscript", "and TYP are of the files of the manuscript and their Markdown"),
    "REF": ("References", "of ids, links, notes, citations and the index"),
    "IMG": ("Images", "of images, drawings and diagrams"),
    "LAY": ("Pages", "of the typeset pages, in all editions that have pages"),
    "PRN": ("The interior", "of the PDF of a print edition, by the rules of its printer"),
    "COV": ("The printed cover", "of the printed cover, by the rules of the printer"),
    "EPU": ("The e-book", "of the EPUB as a file"),
    "ACC": (
        "Accessibility",
        "of the screen PDF and the e-book for readers with assistive technology",
    ),
    "STO": ("Stores", "of an e-book by the rules of the stores it goes to"),
    "ONX": ("ONIX", "of the metadata that go to the book trade"),
}
"""The prefixes of ids, each with a title and what its findings are about."""

_VARIES = "What to do depends on the problem: the finding says it."
_CODE = re.compile(r"(`+)(?:(?!`).)+?\1(?!`)", re.DOTALL)
_TYPED = re.compile(
    r"""(?<![\w`-])(--[a-z][a-z-]*|!?\[[^\[\]]*\]\([^()]*\)(?:\{[^{}]*\})?|\{[.#][^{}]*\}
    |[a-z_]+="[^"]*"|\[\[\w+\]\]|\[\w+\])""",
    re.VERBOSE,
)
"""What is typed as it stands, though no back-ticks say so: options, attributes, tables of TOML."""
_ADDRESS, _AS_LINK = re.compile(r"https?://[^ ,]+"), r"<\g<0>>"
_SIGNS = re.compile(r"([\\*_<>$@^~=#{}|\"])")
_ENTITIES = {"&": "&amp;", "[": "&#91;", "]": "&#93;"}
"""For signs that mean something after a backslash, or that no backslash can keep."""


def chapters() -> dict[str, str]:
    """Return the text of each chapter by its path in the manual."""
    texts = {f"findings/{prefix.lower()}.md": findings_chapter(prefix) for prefix in FAMILIES}
    for name in printer_names():
        if name != GENERIC:
            described = describe_printer(read_profile(name))
            texts[f"figures/printer-{name}.md"] = printer_chapter(name, described)
    texts["figures/store-rules.md"] = stores_chapter()
    return texts


def findings_chapter(prefix: str) -> str:
    """Return the chapter that explains all findings whose ids begin with ``prefix``."""
    title, subject = FAMILIES[prefix]
    prefixes = (prefix, "TYP") if prefix == "MAN" else (prefix,)
    rules = [rule for rule in rules_by_id().values() if rule.id.partition("-")[0] in prefixes]
    verb = "" if subject.startswith("and ") else "are "
    introduction = f"The findings {prefix} {verb}{subject}."
    blocks = [f"# {prefix}: {title}", _NOTICE, introduction]
    for rule in sorted(rules, key=lambda rule: rule.id):
        blocks += _finding(rule)
    return _joined(blocks)


def _finding(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}"
    accepting = "" if rule.ignorable else "; no `[[ignore]]` can accept it"
    message = with_placeholders(rule.message)
    yield _paragraph(f"**{_escaped(message)}** *{rule.severity.capitalize()}*{accepting}.")
    hint = _VARIES if rule.hint == "{hint}" else with_placeholders(rule.hint)
    yield _paragraph(_escaped(hint))
    source = f" Source: {rule.source}." if rule.source else ""
    yield _paragraph(_escaped(f"{rule.rationale}{source}"))


def printer_chapter(name: str, described: Description) -> str:
    """Return the chapter with all figures of a printer."""
    blocks = [
        f"# {described.title}: the figures",
        _NOTICE,
        _paragraph(
            f'What is known of {described.title}, `printer = "{name}"`, with the sources and the'
            f" days on which they were read. `makeready printers {name}` shows the same."
        ),
        *_description(described, "##"),
    ]
    return _joined(blocks)


def stores_chapter() -> str:
    """Return the chapter with the rules of all stores."""
    blocks = [
        "# The rules of the stores",
        _NOTICE,
        _paragraph(
            "What each store asks of an e-book, with the sources and the days on which they were"
            " read. `makeready stores NAME` shows the same."
        ),
    ]
    for store in stores_named(()):
        blocks += [f"## {store.title}", f'`stores = ["{store.name}"]`']
        blocks += _description(describe_store(store), "###")
    return _joined(blocks)


def _description(described: Description, mark: str) -> Iterator[str]:
    for table in described.tables:
        yield f"{mark} {table.title}"
        yield _table(table.columns, table.rows)
        for note in table.notes:
            yield _paragraph(_escaped(note))
    yield f"{mark} Sources"
    yield "\n".join(
        f"{number}. {_ADDRESS.sub(_AS_LINK, source)}"
        for number, source in enumerate(described.sources, start=1)
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text if text == "---" else "<br>".join(map(_escaped, text.strip().split("\n")))


def _paragraph(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _escaped(text: str) -> str:
    """Return plain text as Markdown; code in back-ticks stays, and options become code."""
    pieces, end = list[str](), 0
    text = " ".join(text.split())
    for code in _CODE.finditer(text):
        pieces += [_escaped_words(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, _escaped_words(text[end:])])


def _escaped_words(text: str) -> str:
    words = _TYPED.split(text)
    return "".join(f"`{word}`" if _TYPED.fullmatch(word) else _escaped_word(word) for word in words)


def _escaped_word(word: str) -> str:
    word = _SIGNS.sub(r"\\\1", word).replace("--", r"\-\-")
    return re.sub(r"[&\[\]]", lambda sign: _ENTITIES[sign[0]], word)


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(blocks) + "\n"


def main() -> None:
    """Write the chapters."""
    for path, text in chapters().items():
        (MANUAL / path).parent.mkdir(exist_ok=True)
        (MANUAL / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
