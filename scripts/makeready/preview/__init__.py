"""``makeready preview``: the book in a browser, made again on every save."""
