"""Tagged PDF (ISO 32000-1, 14.8): one structure element for each element of a document.

The engine tags what it has drawn box by box, so that what runs over a page becomes two. Here each
piece of text goes to the element that it came from, whichever page it is on.
"""
