"""Short numbers in vertical lines, which stand upright in the width of a letter."""

from __future__ import annotations

import re

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_SHORT = re.compile(r"(?<![\w.,:/&#\u2060-])(?:[0-9]{1,2}|[!?]{2})(?![\w.,:/;-])", re.ASCII)
_KEPT = frozenset({"head", "title", "style", "script", "pre", "code", "rt", "a", "math", "svg"})


def with_upright_numbers(markup: str) -> str:
    """Return a document with its numbers of one or two digits set upright, but in code and links.

    Longer ones lie on their sides, as Latin words do (Requirements for Japanese Text Layout,
    3.2.5).
    """
    made: list[str] = []
    kept: list[str] = []
    for part in _TAG.split(markup):
        name = _NAME.match(part)
        if name is None or part.startswith("<!"):
            made.append(part if kept else _SHORT.sub(r'<span class="upright">\g<0></span>', part))
            continue
        made.append(part)
        if name[1] in _KEPT and not part.endswith("/>"):
            if part.startswith("</"):
                kept.pop()
            else:
                kept.append(name[1])
    return "".join(made)
