"""What a book is: kinds of section, the data model, and ``book.toml``."""
