"""The book as the trade is told of it: ONIX for Books, a product for each edition."""
