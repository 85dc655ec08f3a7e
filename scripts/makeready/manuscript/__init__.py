"""Reading a manuscript: from Markdown to normalised trees, and from sections to a ``Book``."""
