"""Checks of finished print interiors, covers and screen PDFs."""
