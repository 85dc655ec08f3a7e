"""Books written for other tools, read into one plain value and written as a book of our own."""
