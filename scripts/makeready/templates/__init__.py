"""Filling in the Jinja2 layouts: one document per section, with the same layout for every medium.

Layouts do no arithmetic: all values they show are computed here and passed to them.
"""
