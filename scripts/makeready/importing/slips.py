"""Slips in the texts of other tools whose meaning is evident, though Markdown reads another."""

from __future__ import annotations

import re

from makeready.importing.outline import block_tokens, lines_outside_code
from makeready.manuscript.front_matter import read_front_matter
from makeready.manuscript.indented_prose import count_prose

_HEADING = re.compile(r"^(#{2,6})(?=[^\W_]|[\"'“‘*_])")


def without_slips(text: str) -> str:
    """Return a text whose indented prose is no code, and whose headings have their space."""
    lines = text.split("\n")
    end, _ = read_front_matter(lines)
    for token in block_tokens("\n".join(lines[end:])):
        is_code = token.type == "code_block" and not token.level
        if is_code and token.map is not None and count_prose(token.content):
            for index in range(token.map[0] + end, token.map[1] + end):
                lines[index] = lines[index].lstrip(" \t")
    if "\n##" in text:
        for index in lines_outside_code("\n".join(lines)):
            if lines[index].startswith("##") and (index == 0 or not lines[index - 1].strip()):
                lines[index] = _HEADING.sub(r"\1 ", lines[index], count=1)
    return "\n".join(lines)
