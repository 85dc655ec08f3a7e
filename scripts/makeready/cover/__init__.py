"""Covers: the printed wrap, the e-book's picture, the barcode, the guides."""
