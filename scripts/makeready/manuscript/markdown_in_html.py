"""Markdown directly after a tag of HTML on a line of its own, without a blank line between.

Python-Markdown, kramdown, PHP Markdown and MultiMarkdown read it in elements with the attribute
``markdown``, and Notion writes its callouts so: ``<aside>``.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from makeready.manuscript.parse_run import line_text

_TAG = re.compile(
    r"<(aside|article|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|header|li|main"
    r"|nav|ol|p|section|td|th|ul)((?:[ \t][^<>\n]{0,1000})?)>[ \t]*",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"[ \t]markdown(?:=[\"']?(?:1|block|span)[\"']?)?(?=[ \t]|$)", re.IGNORECASE)


def markdown_after_tag(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a start tag alone on its line as a block, so that the next line begins another."""
    text = line_text(state, start)
    if text[:1] != "<" or state.is_code_block(start):
        return False
    tag = _TAG.fullmatch(text)
    if tag is None or not (_MARKDOWN.search(tag[2]) or text.rstrip().lower() == "<aside>"):
        return False
    if start + 1 >= end or state.isEmpty(start + 1):
        return False
    if silent:
        return True
    token = state.push("html_block", "", 0)
    token.map, token.content = [start, start + 1], text
    state.line = start + 1
    return True
