r"""What R Markdown says to one format of output alone.

``r if (knitr::is_latex_output()) '…'`` in back-ticks is nothing on a website and in an e-book, and
``\mainmatter`` on a line of its own is dropped there. A book comes as its website shows it.
"""

from __future__ import annotations

import re

_CONDITION = re.compile(
    r"`r[ ]+if[ ]*\([ ]*(?:knitr::)?is_(?P<format>latex|html)_output\([^()`\n]{0,100}\)[ ]*\)[ ]*"
    r"\{?[ ]*(?P<quote>['\"])(?P<text>[^'\"`\n]{0,500})(?P=quote)[ ]*\}?[ ]*`"
)
_DIVISION = re.compile(
    r"^[ \t]*\\(?:(?:front|main|back)matter|appendix|tableofcontents|listof(?:figures|tables)"
    r"|printindex)[ \t]*$",
    re.MULTILINE,
)


def as_on_a_website(text: str) -> str:
    """Return a text of R Markdown with what its website shows; no line is added or removed."""
    if "_output(" in text:
        text = _CONDITION.sub(lambda m: m["text"] if m["format"] == "html" else "", text)
    return _DIVISION.sub("", text) if "\\" in text else text
