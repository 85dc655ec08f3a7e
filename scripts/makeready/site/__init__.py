"""The web site of a book: the documents of its e-book as pages for a browser."""
