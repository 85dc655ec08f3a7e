"""Pages balanced: those that face each other end on one line.

`choose` picks the lines of paragraphs and the ends of pages, and knows nothing of the engine.
`flow` reads what stands on the pages of a section that is laid out, and `balance` has the section
laid out again as it was chosen.
"""
