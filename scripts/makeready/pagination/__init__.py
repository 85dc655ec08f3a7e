"""Sections to pages: geometry, page numbers, scheduling, imposition."""
