"""PDF files: section fragments linked into one file, and that file finished for the press.

A *fragment* has the PDF objects of one section without font programs, and what the linker needs
to know of them: the positions of anchors, the outline, the fonts and glyphs used, and where page
numbers are drawn, so that their digits can be replaced by those of the finished book.
"""
