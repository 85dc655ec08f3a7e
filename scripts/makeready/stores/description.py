"""A store's rules put into rows, to be shown; nothing is left out."""

from __future__ import annotations

from makeready.printers.description import Description, describe
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
    """Put all of a store's rules into sheets."""
    return describe(store, _TITLES)
