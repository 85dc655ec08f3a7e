"""The EPUB edition: documents, navigation, metadata, images and fonts, packed by EbookLib."""
