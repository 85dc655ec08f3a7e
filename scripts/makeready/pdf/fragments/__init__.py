"""Sections typeset apart, kept as fragments, and merged into one file.

A fragment is a PDF of one section whose fonts are not yet subset, with a sidecar that tells
what the merge needs: where places fell, the outline, the fonts and letters used, and where page
numbers are drawn, so that their digits can be set to what the book turns out to need.
"""
