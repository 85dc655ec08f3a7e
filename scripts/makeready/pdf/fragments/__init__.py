"""Sections typeset apart, kept as fragments, and bound into one file.

A fragment is a PDF of one section whose fonts are not yet subset, with a sidecar that tells
what the binding needs: where places fell, the outline, the fonts and letters used, and where page
numbers are drawn, so that their digits can be set to what the book turns out to need.
"""
