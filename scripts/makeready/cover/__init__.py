"""Covers: the printed wrap with its barcode and guides, and the e-book's cover image."""
