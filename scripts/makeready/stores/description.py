"""All the rules of a store as tables of text, to be shown."""

from __future__ import annotations

from makeready.printers.description import Description, describe_rules
from makeready.stores.store import Store

_TITLES = {
    "cover": "The cover's picture",
    "cover_page": "The page that shows the cover",
    "images": "Images in the text",
    "files": "The EPUB and its documents",
    "navigation": "Contents",
    "text": "Text and style",
    "metadata": "Metadata",
}


def describe_store(store: Store) -> Description:
    """Return all of a store's rules as tables."""
    return describe_rules(store, _TITLES)
