"""Proofs: the pages of a book with its lines numbered, and queries and changes beside them."""
