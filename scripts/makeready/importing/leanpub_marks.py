"""Marks of Leanpub that stand alone on a line, in the form that a book's texts have them."""

from __future__ import annotations

import re

from makeready.importing.outline import lines_outside_code

_ID = re.compile(r"\{(?:id[:=][ \t]*[\"']?|#)([\w.-]{1,200})[\"']?\}[ \t]*")
_BEGIN = re.compile(
    r"\{(?:blurb|aside)(?:[ \t]*,[ \t]*class[:=][ \t]*[\"']?([\w-]{1,40})[\"']?)?"
    r"[^{}\n]{0,200}\}[ \t]*"
)
_END = re.compile(r"\{/(?:blurb|aside)\}[ \t]*")
_LAYOUT = re.compile(
    r"\{[ \t]*(?:(?:align|float|height|fullbleed|column-widths)[:=][ \t]*"
    r"[\"']?[\w%. *-]{1,80}[\"']?(?:[ \t]*,[ \t]*|(?=\}))){1,5}\}[ \t]*"
)
_CALLOUTS = {"warning": "warning", "error": "caution", "tip": "tip", "important": "important"}


def with_leanpub_marks(text: str) -> str:
    """Return a text whose ids, blurbs and asides are read, and words for the layout left out.

    No line is added or removed.
    """
    lines = text.split("\n")
    for index in lines_outside_code(text):
        line = lines[index]
        if not line.startswith("{"):
            continue
        if (found := _ID.fullmatch(line)) is not None:
            lines[index] = f'<a id="{found[1]}"></a>'
        elif _END.fullmatch(line) is not None:
            lines[index] = ":::"
        elif _LAYOUT.fullmatch(line) is not None:
            # How an image or a table stands on Leanpub's page.
            lines[index] = ""
        elif (found := _BEGIN.fullmatch(line)) is not None:
            lines[index] = f"::: {{.callout-{_CALLOUTS.get(found[1] or '', 'note')}}}"
    return "\n".join(lines)
