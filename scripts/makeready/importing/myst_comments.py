"""Comments of MyST, lines that begin with a per cent sign, taken out of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

MYST_TOOLS = frozenset({"Jupyter Book", "MyST", "Sphinx"})
_FENCE = re.compile(r"[ \t]{0,12}(`{3,}|~{3,})[ \t]*(?:\{([\w:.-]+)\})?([^\n]*)")
_COMMENT = re.compile(r"[ ]{0,3}%")
_CODE = frozenset(
    {"code", "code-block", "code-cell", "literalinclude", "math", "sourcecode", "raw"}
)


def without_comments(text: str) -> str:
    """Return a text with empty lines in the place of comments: no line is added or removed."""
    return "\n".join(_lines(text)) if "%" in text else text


def _lines(text: str) -> Iterator[str]:
    directives: list[str] = []
    code = ""
    is_formula = False
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        is_bare = fence is not None and not fence[2] and not fence[3].strip()
        if code:
            if fence and is_bare and fence[1].startswith(code):
                code = ""
        elif fence and is_bare and directives and fence[1].startswith(directives[-1]):
            directives.pop()
        elif fence and fence[2] and fence[2] not in _CODE:
            directives.append(fence[1])
        elif fence:
            code = fence[1]
        elif not is_formula and _COMMENT.match(line):
            yield ""
            continue
        else:
            is_formula ^= line.count("$$") % 2 == 1
        yield line
