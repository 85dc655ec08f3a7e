"""Metadata for the book trade: ONIX for Books, with a product for each edition."""
