"""Sections to pages: geometry, scheduling, the fixed point of page numbers, imposition."""
