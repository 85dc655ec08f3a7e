"""Markdown to the normalised tree of each section, and from the sections to the Book."""
