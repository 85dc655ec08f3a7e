"""Transparency groups removed from opaque pages, for printers that take no transparency."""

from __future__ import annotations

from typing import Any

import pikepdf

from makeready.pdf_content.resources import entries, painting_objects
from makeready.pdf_content.transparency import is_transparent


def remove_transparency_groups(page: pikepdf.Page) -> bool:
    """Remove the groups of a page and of what it paints with, if it is opaque.

    Returns whether it is opaque.
    """
    # The engine makes each tile and each centred text of a drawing a group, though nothing shows
    # through it, and gives the group a colour space of its own (WeasyPrint #2631, open). Once it
    # does not, this can go.
    holders = list(painting_objects([page]))
    if any(_paints_transparently(holder, resources) for holder, resources in holders):
        return False
    for holder, _ in holders:
        if "/Group" in holder:
            del holder["/Group"]
    return True


def _paints_transparently(holder: Any, resources: Any) -> bool:
    return "/SMask" in holder or any(map(is_transparent, entries(resources, "/ExtGState")))
