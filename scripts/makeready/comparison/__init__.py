"""The pages of two PDFs compared: which changed, and where."""
