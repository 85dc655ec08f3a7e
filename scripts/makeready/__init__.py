"""makeready: a book kept as Markdown chapters becomes a print-ready PDF and an EPUB."""

__version__ = "0.1.0"
