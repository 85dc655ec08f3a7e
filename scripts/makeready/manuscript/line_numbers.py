"""The attributes with which the elements of a parsed tree know where they are in the source."""

from __future__ import annotations

LINE, COLUMN = "data-line", "data-column"
