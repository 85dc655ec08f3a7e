"""Citations: the works that a book cites, and the styles in which they are cited and listed."""
