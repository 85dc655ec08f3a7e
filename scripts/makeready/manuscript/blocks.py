"""The blocks that makeready adds to Markdown: ``/// name | #id .class lang=fr`` … ``///``.

``epigraph``  a quotation at the start of a section: ``blockquote.epigraph``; its source is a
              paragraph with ``{.attribution}``
``verse``     text whose lines and indents are kept: ``div.verse``, a paragraph for each stanza
``caption``   the caption of the image or table directly before it
``div``       a plain container, for a class or a language
"""

from __future__ import annotations

import difflib
import re
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import BLOCK
from makeready.manuscript.attribute_lists import attributes_of
from makeready.manuscript.source import Lines
from makeready.manuscript.suppressed import MissingTargets

# Noncharacters at the start of a line of verse, so that the parser does not see its indent, and
# no list or heading in it.
VERSE_LINE, VERSE_INDENT = "\ufdd2", "\ufdd3"
_TAGS = {"epigraph": "blockquote", "verse": "div", "caption": "div", "div": "div"}
_CLASSES = {"epigraph": "epigraph", "verse": "verse", "caption": "caption", "div": ""}
_OPENING = re.compile(r"[ >]*(?:(?:[-*+]|\d{1,3}\.|:)[ ]+)?(/{3,})[ ]*([\w-]+)[ ]*(?:\|(.*))?$")
_QUOTED = re.compile(r"[ ]{0,3}>[ ]?(?:[ ]{0,3}>[ ]?)*")
_CLOSING = re.compile(r"[ >]*(/{3,})[ ]*$")


class _BookBlock(Block):  # type: ignore[misc]
    ARGUMENT = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, _TAGS[self.NAME], {BLOCK: self.NAME})
        if _CLASSES[self.NAME]:
            element.set("class", _CLASSES[self.NAME])
        for key, value in block_options(str(self.argument or ""))[0].items():
            existing = element.get(key)
            element.set(key, f"{existing} {value}" if key == "class" and existing else value)
        return element


class BookBlocks(BlocksExtension):  # type: ignore[misc]
    """The Markdown extension for these blocks."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Register each block by its name."""
        for name in _TAGS:
            kind = type(f"_{name.title()}Block", (_BookBlock,), {"NAME": name})
            block_mgr.register(kind, self.getConfigs())


def block_options(text: str) -> tuple[dict[str, str], str]:
    """Return a block's attributes, and the part of its options that is not understood."""
    options: dict[str, str] = {}
    unknown = ""
    pairs, rest = attributes_of(text)
    for key, value in pairs:
        if key == ".":
            options["class"] = f"{options['class']} {value}" if "class" in options else value
        # A word by itself has itself as its value, and so has the id in “#id”.
        elif key in {"id", "lang"} and (key != value or "#id" in text.split()):
            options[key] = value
        else:
            unknown = key if key == value else f"{key}={value}"
    return options, unknown or rest


def check_blocks(
    lines: Lines, name: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Report blocks with an unknown name, without an end, or with unknown options."""
    stack: list[tuple[str, str, int]] = []
    for text, origin in zip(lines.text, lines.origin, strict=True):
        if "///" not in text:
            continue
        location = SourceLocation(name, origin)
        if opening := _OPENING.match(text):
            block = opening[2].lower()
            if block not in _TAGS:
                missing_targets.add_from_source([text])
            _check_opening(block, opening[3] or "", location, findings)
            stack.append((opening[1], block, origin))
        elif closing := _CLOSING.match(text):
            if not any(slashes == closing[1] for slashes, _, _ in stack):
                findings.add("MAN-021", location, name="…", problem="ends here but never started")
                continue
            while stack:
                slashes, block, line = stack.pop()
                if slashes == closing[1]:
                    break
                _report_unclosed(block, SourceLocation(name, line), findings)
    for _, block, line in stack:
        _report_unclosed(block, SourceLocation(name, line), findings)


def _report_unclosed(block: str, location: SourceLocation, findings: Findings) -> None:
    findings.add("MAN-021", location, name=block, problem="starts here and never ends")


def _check_opening(block: str, options: str, location: SourceLocation, findings: Findings) -> None:
    if block not in _TAGS:
        near = difflib.get_close_matches(block, _TAGS, n=1)
        suggestion = f"Did you mean “{near[0]}”?" if near else f"Known blocks: {', '.join(_TAGS)}."
        findings.add("MAN-022", location, name=block, suggestion=suggestion)
    elif unknown := block_options(options)[1]:
        findings.add("MAN-032", location, name=block, options=unknown)


def protect_verse(lines: Lines) -> Lines:
    """Return the lines with those of verse marked, so that the parser takes them as plain text."""
    out = Lines()
    end = -1
    prefix = ""
    for index, (text, origin) in enumerate(zip(lines.text, lines.origin, strict=True)):
        line = text
        opening = _OPENING.match(text)
        if opening and opening[2].lower() == "verse":
            end = _end_of_block(lines.text, index, opening[1])
            prefix = text[: opening.start(1)]
        elif index < end and text and not opening and not text.lstrip().startswith("{"):
            line = _protect_line(text, prefix)
        out.add(line, origin)
    return out


def _protect_line(text: str, prefix: str) -> str:
    """Mark one line of verse, after the quotation marks and the indent of its block."""
    if ">" in prefix:
        quoted = _QUOTED.match(text)
        start = quoted.end() if quoted else 0
    else:
        start = min(len(prefix), len(text) - len(text.lstrip(" ")))
    words = text[start:].lstrip(" ")
    if not words:
        return text
    return text[:start] + VERSE_LINE + VERSE_INDENT * (len(text) - start - len(words)) + words


def _end_of_block(text: list[str], start: int, slashes: str) -> int:
    """Return the index of a block's last line, or ``start`` if it is not closed."""
    for index in range(start + 1, len(text)):
        closing = _CLOSING.match(text[index])
        if closing and closing[1] == slashes:
            return index
    return start
