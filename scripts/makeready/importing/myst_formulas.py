"""Formulas of MyST whose dollar signs have spaces beside them, written without these.

In MyST and Jupyter any two dollar signs of a paragraph enclose a formula; elsewhere a sign beside
a space is one of money.
"""

from __future__ import annotations

import re

from makeready.importing.links import outside_code

DOLLAR_TOOLS = frozenset({"Jupyter Book", "MyST"})
_FORMULA = re.compile(
    r"\\.|\$\$(?:[^$\\]|\\.){1,8000}\$\$"
    r"|\$(?P<tex>(?:[^$\\`\n]|\\[^\n]|\n(?![ \t>]*\n)){1,2000})\$(?![\$\d])",
    re.DOTALL,
)


def without_spaces_at_dollars(text: str) -> str:
    """Return a text with no spaces at the ends of its formulas; no line is added or removed."""

    def formula(match: re.Match[str], _: int) -> str:
        tex = match["tex"] or ""
        inner = tex.strip(" \t")
        return f"${inner}$" if inner and inner != tex and inner == inner.strip() else match[0]

    return outside_code(text, _FORMULA, formula) if "$" in text else text
