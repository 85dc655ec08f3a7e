"""Checks of a tagged PDF by the rules of PDF/UA-1 (ISO 14289-1) that matter for a book."""
