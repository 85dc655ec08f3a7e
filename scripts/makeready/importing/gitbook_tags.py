"""Tags of GitBook and its plugins that stand alone on a line, in a form that a book's texts have.

Hints and includes are left: a book's texts have them in the same form.
"""

from __future__ import annotations

import re

from makeready.importing.outline import lines_outside_code

_TAG = re.compile(
    r"(?P<before>[ \t>]{0,40})\{%-?[ ]{0,9}(?P<name>[A-Za-z][\w-]{0,40})(?P<rest>[^%\n]{0,500})%\}"
    r"[ \t]*"
)
_TITLE = re.compile(r"\btitle[ ]{0,9}=[ ]{0,9}\"([^\"\n]{1,300})\"")
_ADDRESS = re.compile(r"\b(?:url|src)[ ]{0,9}=[ ]{0,9}\"(https?://[^\"\s<>]{1,500})\"")
_READ = frozenset({"hint", "endhint", "include"})


def with_gitbook_tags(text: str) -> tuple[str, dict[str, int]]:
    """Return a text without the tags that have a line of their own; no line is added or removed.

    What a tag gives as title stays as a paragraph, a website as a link. Also returned are the
    names of the tags, each with the line on which it is met first.
    """
    lines = text.split("\n")
    found: dict[str, int] = {}
    for index in lines_outside_code(text):
        if "{%" not in lines[index] or (tag := _TAG.fullmatch(lines[index])) is None:
            continue
        if tag["name"] in _READ:
            continue
        if not tag["name"].startswith("end"):
            found.setdefault(tag["name"], index + 1)
        title, address = _TITLE.search(tag["rest"]), _ADDRESS.search(tag["rest"])
        words = f"**{title[1]}**" if title else f"<{address[1]}>" if address else ""
        lines[index] = f"{tag['before'] if words or '>' in tag['before'] else ''}{words}".rstrip()
    return "\n".join(lines), found
