"""Transparency groups: the engine puts a tile into one though nothing shines through it."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Object

_PLAIN = (("/ca", {"1", "1.0"}), ("/CA", {"1", "1.0"}), ("/BM", {"/Normal", "/Compatible"}))


def remove_transparency_groups(page: pikepdf.Page) -> bool:
    """Drop the groups of a page, and of what it shows, if it is opaque; tell whether it is."""
    forms = list(_forms(page.obj.Resources, set()))
    holders = (page.obj, *forms)
    if any(is_transparent(holder) for holder in holders):
        return False
    for holder in holders:
        if "/Group" in holder:
            del holder["/Group"]
    return True


def is_transparent(holder: Object) -> bool:
    """Whether what a page or a form paints lets what is below show through."""
    if "/SMask" in holder:
        return True
    resources = holder.get("/Resources", pikepdf.Dictionary())
    states = resources.get("/ExtGState", pikepdf.Dictionary())
    return any(
        str(state.get("/SMask", "/None")) != "/None"
        or any(str(state[key]) not in plain for key, plain in _PLAIN if key in state)
        for state in dict(states.items()).values()
    )


def _forms(resources: Object, seen: set[tuple[int, int]]) -> Iterator[Object]:
    for family in ("/XObject", "/Pattern"):
        for child in dict(resources.get(family, {}).items()).values():
            if isinstance(child, pikepdf.Stream) and child.objgen not in seen:
                seen.add(child.objgen)
                yield child
                yield from _forms(child.get("/Resources", pikepdf.Dictionary()), seen)
