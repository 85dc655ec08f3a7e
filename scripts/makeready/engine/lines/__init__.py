"""Paragraphs broken into lines as a whole, in place of the engine's line after line.

`shape` shapes words, `paragraph` reads a paragraph from the engine's boxes, `breaks` finds where
its lines may end, `choose` takes the best of all ways, `build` makes the engine's boxes of a
line, `draw` draws their text, and `typeset` puts all of it in the engine's place.
"""
