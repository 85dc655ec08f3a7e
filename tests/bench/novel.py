"""A novel from a text file, and the forms in which makeready and its peers read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"#{1,6}\s+(?P<marked>.+?)\s*#*$|(?P<plain>CHAPTER\s+\S.*)$", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*_])")
_OPENING = re.compile(r"(^|[\s(\[]|[—–](?=[\"']\w))([\"'])(?=\S)")
_BREAK = re.compile(r"[*\-_\s]{3,}$")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\^{}",
    "~": r"\~{}",
}
_TYPST = re.compile(r"[\\#$*_`<>@\[\]~/=+'\"-]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#$|~^{}@&]|^(?:[+=:-]|\d+[.)])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a paragraph, emphasised or not."""

    words: str
    is_emphasis: bool = False


@dataclass(frozen=True, slots=True)
class NovelChapter:
    """A chapter: its title, and its paragraphs."""

    title: str
    paragraphs: tuple[tuple[Piece, ...], ...]


def read_novel(path: Path) -> tuple[NovelChapter, ...]:
    """Read a novel from plain text or Markdown: paragraphs between blank lines, titles with ``#``.

    A title without text after it is left out, and so is text before the first title.
    """
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    title, chapters = "", list[NovelChapter]()
    paragraphs: list[tuple[Piece, ...]] = []
    for block in re.split(r"\n\s*\n", text):
        words = " ".join(block.split())
        heading = _HEADING.match(words)
        if heading is not None:
            if title and paragraphs:
                chapters.append(NovelChapter(title, tuple(paragraphs)))
            title = curled(heading["marked"] or heading["plain"]).rstrip(".")
            paragraphs = []
        elif words and title and not _BREAK.match(words):
            paragraphs.append(_pieces(curled(words)))
    if title and paragraphs:
        chapters.append(NovelChapter(title, tuple(paragraphs)))
    return tuple(chapters)


def curled(words: str) -> str:
    """Return words with the quotation marks and dashes that a typesetter gives them."""
    words = words.replace("--", "—").replace("...", "…")
    opened = _OPENING.sub(lambda m: m[1] + ("“" if m[2] == '"' else "‘"), words)
    # An opening mark may follow another.
    opened = re.sub(r"([“‘])([\"'])(?=\w)", lambda m: m[1] + ("“" if m[2] == '"' else "‘"), opened)
    return opened.replace('"', "”").replace("'", "’")


def word_count(chapters: tuple[NovelChapter, ...]) -> int:
    """Return how many words a novel has."""
    return sum(
        len(piece.words.split())
        for chapter in chapters
        for paragraph in chapter.paragraphs
        for piece in paragraph
    )


def _pieces(words: str) -> tuple[Piece, ...]:
    pieces, start = [], 0
    for match in _EMPHASIS.finditer(words):
        pieces += [Piece(words[start : match.start()]), Piece(match[2], True)]
        start = match.end()
    return tuple(piece for piece in (*pieces, Piece(words[start:])) if piece.words)


def as_markdown(chapter: NovelChapter) -> str:
    """Write a chapter as makeready reads it."""
    lines = [f"# {_escaped_markdown(chapter.title)}"]
    for paragraph in chapter.paragraphs:
        texts = [_escaped_markdown(piece.words) for piece in paragraph]
        marked = (
            f"*{text}*" if piece.is_emphasis else text
            for text, piece in zip(texts, paragraph, strict=True)
        )
        lines.append("".join(marked))
    return "\n\n".join(lines) + "\n"


def _escaped_markdown(words: str) -> str:
    return _MARKDOWN.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", words)


def as_tex(chapters: tuple[NovelChapter, ...]) -> str:
    """Write the text of a novel for LaTeX; ``\\chaptertitle`` begins a chapter."""
    return _as_source(chapters, r"\chaptertitle{%s}", r"\emph{%s}", _escaped_tex)


def _escaped_tex(words: str) -> str:
    return "".join(_TEX.get(character, character) for character in words)


def as_typst(chapters: tuple[NovelChapter, ...]) -> str:
    """Write the text of a novel for Typst; a heading begins a chapter."""
    return _as_source(chapters, "= %s", "#emph[%s]", _escaped_typst)


def _as_source(
    chapters: tuple[NovelChapter, ...], title: str, emphasis: str, escaped: Callable[[str], str]
) -> str:
    lines = []
    for chapter in chapters:
        lines.append(title % escaped(chapter.title))
        for paragraph in chapter.paragraphs:
            texts = [(escaped(piece.words), piece.is_emphasis) for piece in paragraph]
            lines.append("".join(emphasis % text if is_em else text for text, is_em in texts))
    return "\n\n".join(lines) + "\n"


def _escaped_typst(words: str) -> str:
    return _TYPST.sub(lambda match: f"\\{match[0]}", words)
