"""The EPUB edition: documents, navigation, metadata and fonts, packed by EbookLib."""
