"""Blocks of their own kind: ``/// name | #id .class lang=fr`` … ``///``.

``epigraph``  a quotation at a section's head: ``blockquote.epigraph``; its source is a
              paragraph with ``{.attribution}``
``verse``     lines and their indents kept: ``div.verse``, a paragraph a stanza
``caption``   the caption of the image or table right before it
``div``       a plain container, for a class or a language
"""

from __future__ import annotations

import difflib
import re
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.attr_list import get_attrs_and_remainder
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from makeready.findings import Findings, SourceLocation
from makeready.manuscript.source import Lines
from makeready.manuscript.suppressed import MissingTargets

BLOCK = "data-block"
# Noncharacters at the head of a verse's lines, so that the parser sees neither their indent
# nor a list or heading in them.
GUARD, INDENT = "\ufdd2", "\ufdd3"
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
            held = element.get(key)
            element.set(key, f"{held} {value}" if key == "class" and held else value)
        return element


class BookBlocks(BlocksExtension):  # type: ignore[misc]
    """Register the book's blocks with the parser."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Register the blocks by name."""
        for name in _TAGS:
            kind = type(f"_{name.title()}Block", (_BookBlock,), {"NAME": name})
            block_mgr.register(kind, self.getConfigs())


def block_options(text: str) -> tuple[dict[str, str], str]:
    """Return a block's attributes, and what of its options is not understood."""
    options: dict[str, str] = {}
    unknown = ""
    pairs, remainder = get_attrs_and_remainder(text.strip())
    for key, value in pairs:
        if key == ".":
            options["class"] = f"{options['class']} {value}" if "class" in options else value
        elif key in {"id", "lang"} and key != value:
            options[key] = value
        else:
            unknown = key if key == value else f"{key}={value}"
    return options, unknown or remainder


def check_blocks(
    lines: Lines, name: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Report blocks without a name, without an end, or with options not understood."""
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
                findings.add("MAN-021", location, name="", problem="closes no block")
                continue
            while stack:
                slashes, block, line = stack.pop()
                if slashes == closing[1]:
                    break
                _never_closed(block, SourceLocation(name, line), findings)
    for _, block, line in stack:
        _never_closed(block, SourceLocation(name, line), findings)


def _never_closed(block: str, location: SourceLocation, findings: Findings) -> None:
    findings.add("MAN-021", location, name=block, problem="is never closed")


def _check_opening(block: str, options: str, location: SourceLocation, findings: Findings) -> None:
    if block not in _TAGS:
        near = difflib.get_close_matches(block, _TAGS, n=1)
        nearest = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(_TAGS)}."
        findings.add("MAN-022", location, name=block, nearest=nearest)
    elif unknown := block_options(options)[1]:
        findings.add("MAN-032", location, name=block, problem=unknown)


def guard_verse(lines: Lines) -> Lines:
    """Return the lines with those of verse guarded against any reading but as lines."""
    out = Lines()
    end = -1
    opened = ""
    for index, (text, origin) in enumerate(zip(lines.text, lines.origin, strict=True)):
        guarded = text
        opening = _OPENING.match(text)
        if opening and opening[2].lower() == "verse":
            end = _end_of_block(lines.text, index, opening[1])
            opened = text[: opening.start(1)]
        elif index < end and text and not opening and not text.lstrip().startswith("{"):
            guarded = _guarded(text, opened)
        out.add(guarded, origin)
    return out


def _guarded(text: str, opened: str) -> str:
    """Guard one line of verse behind the marks and the indent its block stands at."""
    if ">" in opened:
        quoted = _QUOTED.match(text)
        place = quoted.end() if quoted else 0
    else:
        place = min(len(opened), len(text) - len(text.lstrip(" ")))
    words = text[place:].lstrip(" ")
    if not words:
        return text
    return text[:place] + GUARD + INDENT * (len(text) - place - len(words)) + words


def _end_of_block(text: list[str], start: int, slashes: str) -> int:
    """Return the index of a block's last line, or ``start`` when nothing closes it."""
    for index in range(start + 1, len(text)):
        closing = _CLOSING.match(text[index])
        if closing and closing[1] == slashes:
            return index
    return start
