"""The picture of the cover made: for an e-book, or for the book."""

from __future__ import annotations

from makeready.build.context import BuildContext
from makeready.build.manifest import Artefact
from makeready.build.request import COVER, ebook_stem
from makeready.findings import Findings


def make_cover_picture(context: BuildContext, edition: str = "") -> list[Artefact]:
    """Make the picture of the cover, for the e-book of that name or for the book."""
    picture = draw_cover_picture(context, edition)
    if picture is None or context.request.as_draft:
        return []
    name = f"{ebook_stem(context.book, edition)}-cover.jpg"
    return [context.write(name, picture, edition, COVER)]


def draw_cover_picture(context: BuildContext, edition: str = "") -> bytes | None:
    """Return the picture of the cover, a JPEG; None, with findings, if it has an error."""
    found = Findings()
    with context.stage("Drawing cover", edition):
        picture = context.session.cover(context.book, context.layouts, context.fonts).result()
    for finding in picture.findings:
        found.append(finding)
    context.findings.extend(found)
    return picture.jpeg if context.passes(found) else None
