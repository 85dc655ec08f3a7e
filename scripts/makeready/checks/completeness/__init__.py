"""The proof that a finished file has every block of the manuscript, once and in order.

A block's own letters are looked for where it belongs: on its pages, whose beginnings in the text
are known, or in the document of its section. Digits are left out, since those of page numbers,
note calls and lists are not in the manuscript, and so are punctuation, accents and capitals, which
fonts and styles change.
"""
