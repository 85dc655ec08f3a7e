"""The bench book as its peers read it: HTML for WeasyPrint, Typst, and Markdown for Pandoc."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from bench_book import (
    AUTHOR,
    IMAGES,
    TITLE,
    Block,
    Chapter,
    Figure,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Part,
    Reference,
    Table,
    Term,
    Text,
    notes_of,
)
from sheets import COUNTED_CSS, FONT_CSS, HTML_CSS, PAGE_CSS, TEXT_CSS, TYPST_HEAD

_OPENING = re.compile(r'(^|\s)"')


def write_peers(chapters: tuple[Chapter, ...], folder: Path) -> None:
    """Write the book in every form the peers read; their ``fonts/`` and ``images/`` are apart."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "literal.html": html(chapters, literal=True),
        "counter.html": html(chapters, literal=False),
        "book.typ": typst(chapters),
        "book.md": pandoc(chapters),
        "pandoc.css": FONT_CSS + PAGE_CSS + TEXT_CSS,
        "pandoc-epub.css": TEXT_CSS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def html(chapters: tuple[Chapter, ...], *, literal: bool) -> str:
    """Write one HTML document, its page numbers literal or left to the engine to find."""

    def number(target: str, page: int) -> str:
        return f'<a class="page" href="#{target}">{page if literal else ""}</a>'

    def part(part: Part) -> str:
        match part:
            case Text(words, emphasis):
                text = _html_text(words)
                return f"<em>{text}</em>" if emphasis else text
            case Note(_, words):
                return f'<span class="footnote">{_html_text(words)}</span>'
            case Reference(target, label, page):
                link = f'<a href="#{target}">{label}</a>'
                return f"{link} on page {number(target, page)}"
            case Term(words):
                return f'<span class="index">{words}</span>'

    lines = [
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{TITLE}</title>',
        f"<style>{FONT_CSS}{PAGE_CSS}{TEXT_CSS}{HTML_CSS}{'' if literal else COUNTED_CSS}</style>",
        f"</head><body><h1>{TITLE}</h1><p>{AUTHOR}</p><nav><h1>Contents</h1>",
    ]
    for chapter in chapters:
        entry = f'<a href="#{chapter.anchor}">{_html_text(chapter.title)}</a>'
        lines.append(f"<p>{entry}{number(chapter.anchor, chapter.page)}</p>")
    lines.append("</nav>")
    for chapter in chapters:
        lines.append(f'<section id="{chapter.anchor}"><h1>{_html_text(chapter.title)}</h1>')
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                text = f"<p>{''.join(part(p) for p in block.parts)}</p>"
                lines.append(f"<blockquote>{text}</blockquote>" if block.quoted else text)
            else:
                lines.append(_html_block(block))
        lines.append("</section>")
    return "\n".join([*lines, "</body></html>"]) + "\n"


def _html_text(words: str) -> str:
    return escape(_curled(words), quote=False)


def _curled(words: str) -> str:
    return _OPENING.sub(r"\1“", words).replace('"', "”").replace("'", "’")


def _html_block(block: Heading | ItemList | Figure | Table) -> str:
    match block:
        case Heading(words):
            return f"<h2>{_html_text(words)}</h2>"
        case ItemList(items, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{_html_text(item)}</li>' for item in items)}</{tag}>"
        case Figure(anchor, number, image, caption):
            words = f"Figure {number}. {_html_text(caption)}"
            picture = f'<img src="images/{image}.png" alt="{IMAGES[image]}">'
            return f'<figure id="{anchor}">{picture}<figcaption>{words}</figcaption></figure>'
        case Table(anchor, number, header, rows, caption):
            words = f"Table {number}. {_html_text(caption)}"
            head = "".join(f"<th>{cell}</th>" for cell in header)
            body = "".join(
                f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows
            )
            return (
                f'<table id="{anchor}"><caption>{words}</caption><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table>"
            )


def typst(chapters: tuple[Chapter, ...]) -> str:
    """Write the book for Typst, which finds the page numbers itself."""
    lines = [TYPST_HEAD]
    for chapter in chapters:
        lines.append(f"= {chapter.title} <{chapter.anchor}>")
        lines += (_typst_block(block) for block in chapter.blocks)
    return "\n\n".join(lines) + "\n"


def _typst_block(block: Block) -> str:
    match block:
        case Heading(words):
            return f"== {words}"
        case Paragraph(parts, quoted):
            text = "".join(_typst_part(part) for part in parts)
            return f"#quote(block: true)[{text}]" if quoted else text
        case ItemList(items, ordered):
            return "\n".join(f"{'+' if ordered else '-'} {item}" for item in items)
        case Figure(anchor, _, image, caption):
            picture = f'image("images/{image}.png", alt: "{IMAGES[image]}", width: 100%)'
            return f"#figure({picture}, caption: [{caption}]) <{anchor}>"
        case Table(anchor, _, header, rows, caption):
            head = ", ".join(f"[{cell}]" for cell in header)
            body = ", ".join(f"[{cell}]" for row in rows for cell in row)
            table = f"table(columns: 3, table.header({head}), {body})"
            return f"#figure({table}, caption: [{caption}]) <{anchor}>"


def _typst_part(part: Part) -> str:
    match part:
        case Text(words, emphasis):
            return f"#emph[{words}]" if emphasis else words
        case Note(_, words):
            return f"#footnote[{words}]"
        case Reference(target, _, _):
            return f'#ref(<{target}>) on #ref(<{target}>, form: "page")'
        case Term(words):
            return words


def pandoc(chapters: tuple[Chapter, ...]) -> str:
    """Write the book as Pandoc's Markdown, which has links but no page references."""
    lines = [f'---\ntitle: "{TITLE}"\nauthor: "{AUTHOR}"\nlang: en-GB\n---']
    for chapter in chapters:
        lines.append(f"# {chapter.title} {{#{chapter.anchor}}}")
        lines += (_pandoc_block(block, chapter.number) for block in chapter.blocks)
        notes = notes_of(chapter)
        lines += (f"[^{chapter.number}-{note.number}]: {note.words}" for note in notes)
    return "\n\n".join(lines) + "\n"


def _pandoc_block(block: Block, chapter: int) -> str:
    match block:
        case Heading(words):
            return f"## {words}"
        case Paragraph(parts, quoted):
            return ("> " if quoted else "") + "".join(_pandoc_part(part, chapter) for part in parts)
        case ItemList(items, ordered):
            return "\n".join(f"{'1.' if ordered else '-'} {item}" for item in items)
        case Figure(anchor, number, image, caption):
            words = f"Figure {number}. {caption}"
            return f'![{words}](images/{image}.png){{#{anchor} alt="{IMAGES[image]}"}}'
        case Table(anchor, number, header, rows, caption):
            lines = [" | ".join(row) for row in (header, ("---", "---", "---:"), *rows)]
            table = "\n".join(f"| {line} |" for line in lines)
            return f"{table}\n\n: Table {number}. {caption} {{#{anchor}}}"


def _pandoc_part(part: Part, chapter: int) -> str:
    match part:
        case Text(words, emphasis):
            return f"*{words}*" if emphasis else words
        case Note(number, _):
            return f"[^{chapter}-{number}]"
        case Reference(target, label, _):
            return f"[{label}](#{target})"
        case Term(words):
            return f"[{words}]{{.index}}"
