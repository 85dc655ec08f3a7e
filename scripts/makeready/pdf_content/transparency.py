"""The graphics states through which what lies below shows."""

from __future__ import annotations

from typing import Any

import pikepdf

_OPAQUE_BLEND_MODES = frozenset({"/Normal", "/Compatible"})


def is_transparent(state: Any) -> bool:
    """Return whether a dictionary of graphics state parameters lets what lies below show.

    It does with an opacity under one, with a soft mask, or with a blend mode of its own
    (ISO 32000-1, table 58).
    """
    modes = state.get("/BM", "/Normal")
    # Of several modes, a program takes the first one that it knows.
    mode = modes[0] if isinstance(modes, pikepdf.Array) and len(modes) else modes
    opacity = min(float(state.get(key, 1)) for key in ("/ca", "/CA"))
    is_masked = isinstance(state.get("/SMask"), pikepdf.Dictionary)
    return opacity < 1 or is_masked or str(mode) not in _OPAQUE_BLEND_MODES
