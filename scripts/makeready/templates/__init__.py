"""Jinja2 layouts: one document per section, the same for every medium.

No arithmetic in templates: what a layout shows is worked out here and handed to it.
"""
