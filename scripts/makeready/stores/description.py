"""All the rules of a store as tables of text, to be shown."""

from __future__ import annotations

from makeready.printers.description import Description, describe_rules
from makeready.stores.store import Store

_TITLES = {
    "cover": "Cover image",
    "cover_page": "Cover page",
    "page_numbers": "Page numbers",
    "images": "Images",
    "files": "EPUB and documents",
    "navigation": "Navigation",
    "text": "Text and style",
    "metadata": "Metadata",
}


def describe_store(store: Store) -> Description:
    """Return all of a store's rules as tables."""
    return describe_rules(store, _TITLES)
