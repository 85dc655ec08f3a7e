"""Bleed and margins from ``book.toml``, for the generic printer."""

from __future__ import annotations

from dataclasses import replace

from makeready.book.model import Edition
from makeready.printers.profile_file import ProfileFile
from makeready.printers.tables import MM_PER_INCH

CUSTOM_MEASURES = ("bleed_mm", "inside_mm", "outside_mm")
"""The keys of an edition that replace figures of the generic printer."""


def with_custom_measures(rules: ProfileFile, edition: Edition) -> ProfileFile:
    """Return the rules with an edition's own bleed and margins in place of the generic ones."""
    if edition.bleed_mm is not None:
        bleed_in = edition.bleed_mm / MM_PER_INCH
        covers = tuple(replace(cover, edge_in=bleed_in) for cover in rules.covers)
        rules = replace(rules, bleed=replace(rules.bleed, bleed_in=bleed_in), covers=covers)
    if edition.outside_mm is not None:
        outside_in = edition.outside_mm / MM_PER_INCH
        margins = replace(rules.margins, outside_in=outside_in, outside_with_bleed_in=outside_in)
        rules = replace(rules, margins=margins)
    if edition.inside_mm is not None:
        one_step = ((rules.gutter.inside_in[-1][0], edition.inside_mm / MM_PER_INCH),)
        rules = replace(rules, gutter=replace(rules.gutter, inside_in=one_step))
    return rules
