"""Tagged PDF (ISO 32000-1, 14.8): one structure element for each element of a document.

The engine tags box by box, so that an element over two pages becomes two. Here each
piece of text goes to the element that it came from, whichever page it is on.
"""
