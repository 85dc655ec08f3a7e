"""``makeready preview``: the book in a browser, made anew on every save."""
