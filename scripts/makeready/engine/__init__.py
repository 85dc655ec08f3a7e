"""Sections typeset apart, kept as fragments, and bound into one file.

A fragment has the PDF objects of one section, its fonts left out, with a sidecar that tells what
the binding needs: where places fell, the outline, the fonts and letters used, and where page
numbers are drawn, so that their digits can be set to what the book turns out to need.
"""
