"""Text references of bookdown: ``(ref:name) words`` in a paragraph, used as ``(ref:name)``.

They are for captions, whose words are long or have markup. A paragraph that nothing uses stays.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from makeready.manuscript.parse_run import LeafPosition

_DEFINITION = re.compile(r"\(ref:([\w.:/-]{1,100})\)[ \t]+(\S.*)", re.DOTALL)
_USE = re.compile(r"\(ref:([\w.:/-]{1,100})\)")
_PARAGRAPH = ("paragraph_open", "inline", "paragraph_close")
_MOST_LETTERS = 1_000_000
"""The letters that all uses in a text may add."""


def put_in_text_references(state: StateCore) -> None:
    """Put the words of text references where they are used; take out their paragraphs."""
    tokens = state.tokens
    leaves = [n for n, t in enumerate(tokens) if t.type == "inline" and "(ref:" in t.content]
    if not leaves:
        return
    definitions: dict[str, int] = {}
    for number in leaves:
        is_paragraph = tuple(t.type for t in tokens[number - 1 : number + 2]) == _PARAGRAPH
        found = _DEFINITION.fullmatch(tokens[number].content) if is_paragraph else None
        if found is not None:
            definitions[found[1]] = number
    defining = set(definitions.values())
    used: set[str] = set()
    left = _MOST_LETTERS
    for number in leaves:
        if number not in defining:
            left -= _put_in(tokens, number, definitions, used, left)
    removed = {definitions[name] + step for name in used for step in (-1, 0, 1)}
    state.tokens = [token for number, token in enumerate(tokens) if number not in removed]


def _put_in(
    tokens: list[Token], number: int, definitions: dict[str, int], used: set[str], left: int
) -> int:
    """Put the words into one leaf; return how many letters they have."""
    leaf = tokens[number]
    old = leaf.meta.get("pieces") or [(0, 0)]
    position = LeafPosition(old)
    text, pieces, added, end = "", [], 0, 0
    for use in _USE.finditer(leaf.content):
        source = tokens[definitions[use[1]]] if use[1] in definitions else None
        definition = _DEFINITION.fullmatch(source.content) if source is not None else None
        if source is None or definition is None or added + len(definition[2]) > left:
            continue
        used.add(use[1])
        shift = len(text) - end
        pieces += [(at + shift, where) for at, where in old if end <= at < use.start()]
        text += leaf.content[end : use.start()]
        place = LeafPosition(source.meta.get("pieces") or [(0, 0)])
        pieces.append((len(text), place.of(definition.start(2))))
        text += definition[2]
        added, end = added + len(definition[2]), use.end()
        pieces.append((len(text), position.of(end)))
    shift = len(text) - end
    pieces += [(at + shift, where) for at, where in old if at >= end]
    leaf.content = text + leaf.content[end:]
    leaf.meta["pieces"] = pieces
    return added
