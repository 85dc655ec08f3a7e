"""Checks of a finished EPUB against the rules of its stores."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from makeready.checks.epub.cover_image import marked_cover
from makeready.checks.epub.facts import DocumentFacts, EbookFacts, image_in, read_facts
from makeready.checks.epub.publication import UnreadableError, read_publication, reading_archive
from makeready.checks.reading.image_header import ImageFacts
from makeready.findings import Findings, SourceLocation
from makeready.stores.store import Store
from makeready.stores.tables import (
    CoverImageRules,
    EpubRules,
    ImageRules,
    MetadataLimits,
    NavigationRules,
    TextRules,
)

_BYTES_PER_PIXEL = 4


def check_stores(path: Path, stores: Sequence[Store], findings: Findings) -> None:
    """Check an EPUB that has a package against each store; a finding names its store."""
    try:
        with reading_archive(), zipfile.ZipFile(path) as archive:
            facts = read_facts(path, read_publication(archive))
    except UnreadableError as error:
        findings.add("EPU-001", SourceLocation(path.name), reason=error)
        return
    for store in stores:
        _StoreCheck(store, facts, findings).check()


def check_common_rules(path: Path, stores: Sequence[Store], findings: Findings) -> None:
    """Check an EPUB that has a package by what all stores demand: a cover that any accepts."""
    try:
        with reading_archive(), zipfile.ZipFile(path) as archive:
            publication = read_publication(archive)
            cover = marked_cover(publication)
            image = image_in(publication, cover) if cover else None
    except UnreadableError as error:
        findings.add("EPU-001", SourceLocation(path.name), reason=error)
        return
    rules = [store.rules.cover for store in stores]
    if cover is None or any(_accepts(rule, image) for rule in rules):
        return
    formats = [form for form in rules[0].formats if all(form in rule.formats for rule in rules)]
    findings.add(
        "EPU-006",
        SourceLocation(f"{path.name}/{cover.path}"),
        found=_image_text(image),
        store="every store",
        accepted=" or ".join(formats),
    )


def _accepts(rule: CoverImageRules, image: ImageFacts | None) -> bool:
    """Return whether a store accepts the format and the colour mode of a cover."""
    return (
        image is not None
        and image.format in rule.formats
        and (not rule.modes or image.mode in rule.modes)
    )


def _image_text(image: ImageFacts | None) -> str:
    if image is None:
        return "unreadable"
    return "a drawing" if image.is_drawing else f"{image.format} in {image.mode}"


@dataclass(frozen=True, slots=True)
class _StoreCheck:
    """The check of one EPUB against one store."""

    store: Store
    facts: EbookFacts
    findings: Findings

    def check(self) -> None:
        rules = self.store.rules
        if self.facts.cover_path:
            self._check_cover(rules.cover)
        if rules.cover_page is not None:
            self._check_cover_page(rules.cover_page.page)
        if rules.page_numbers is not None and self.facts.listed_pages:
            self._add("STO-029", self.facts.contents_path, count=self.facts.listed_pages)
        if rules.images is not None:
            self._check_images(rules.images)
            for document in self.facts.documents:
                self._check_image_uses(rules.images, document)
        if rules.files is not None:
            self._check_files(rules.files)
        if rules.navigation is not None:
            self._check_navigation(rules.navigation)
        if rules.text is not None:
            self._check_styles(rules.text)
            for document in self.facts.documents:
                self._check_document(rules.text, document)
        if rules.metadata is not None:
            self._check_metadata(rules.metadata)

    def _add(self, rule: str, path: str = "", line: int | None = None, **values: object) -> None:
        location = self.facts.location(path, line)
        self.findings.add(rule, location, store=self.store.title, **values)

    def _check_cover(self, rule: CoverImageRules) -> None:
        facts, path = self.facts.cover, self.facts.cover_path
        if rule.most_mb is not None and self.facts.cover_megabytes > rule.most_mb:
            megabytes = self.facts.cover_megabytes
            self._add("EPU-008", path, megabytes=megabytes, maximum=rule.most_mb)
        accepted = " or ".join(rule.formats) + (f" in {' or '.join(rule.modes)}" * bool(rule.modes))
        if not _accepts(rule, facts):
            self._add("EPU-006", path, found=_image_text(facts), accepted=accepted)
        if facts is not None and not facts.is_drawing:
            self._check_cover_size(rule, facts, path)

    def _check_cover_size(self, rule: CoverImageRules, facts: ImageFacts, path: str) -> None:
        size = {"width": facts.width, "height": facts.height}
        short, long = sorted((facts.width, facts.height))
        for name, least in (("EPU-007", rule.least_px), ("STO-003", rule.advised_px)):
            if least is not None and (short < least[0] or long < least[1]):
                self._add(name, path, **size, minimum_short=least[0], minimum_long=least[1])
                break
        if rule.most_px is not None and long > rule.most_px:
            self._add("STO-001", path, **size, maximum=rule.most_px)
        if rule.portrait and facts.height <= facts.width:
            self._add("STO-002", path, **size)

    def _check_cover_page(self, page: str) -> None:
        if page == "wanted" and self.facts.cover_path and not self.facts.cover_page:
            self._add("STO-004")
        if page == "unwanted" and self.facts.cover_page:
            self._add("STO-005", self.facts.cover_page)

    def _check_images(self, rule: ImageRules) -> None:
        for path, image in self.facts.images.items():
            if rule.formats and image.format not in rule.formats:
                self._add("STO-006", path, found=image.format, accepted=", ".join(rule.formats))
            if image.mode in rule.refused_modes:
                self._add("STO-007", path, found=image.mode)
            most = rule.most_megapixels
            if most is not None and image.megapixels > most:
                self._add("EPU-010", path, megapixels=image.megapixels, maximum=most)

    def _check_image_uses(self, rule: ImageRules, document: DocumentFacts) -> None:
        most = rule.alternative_most_characters
        for use in document.images:
            if most is not None and len(use.alternative) > most:
                characters = len(use.alternative)
                self._add("STO-023", document.path, use.line, characters=characters, maximum=most)
        images = {use.path for use in document.images} & self.facts.images.keys()
        pixels = sum(self.facts.images[path].megapixels for path in images)
        megabytes = pixels * _BYTES_PER_PIXEL
        if rule.document_mb is not None and len(images) > 1 and megabytes > rule.document_mb:
            self._add("STO-008", document.path, megabytes=megabytes, maximum=rule.document_mb)

    def _check_files(self, rule: EpubRules) -> None:
        facts = self.facts
        if rule.most_mb is not None and facts.megabytes > rule.most_mb:
            self._add("STO-009", megabytes=facts.megabytes, maximum=rule.most_mb)
        most = rule.document_most_mb
        for document in facts.documents:
            if most is not None and document.megabytes >= most:
                self._add("STO-010", document.path, megabytes=document.megabytes, maximum=most)
        if rule.most_documents is not None and len(facts.documents) >= rule.most_documents:
            self._add("STO-011", count=len(facts.documents), maximum=rule.most_documents)
        if rule.release is not None and not facts.version.startswith(rule.release):
            version = facts.version or "of an unknown version"
            self._add("STO-028", version=version, release=rule.release)
        if rule.layouts and facts.layout not in rule.layouts:
            self._add("STO-012", layout=facts.layout)
        for path, kind in facts.fonts.items():
            if rule.fonts and kind not in rule.fonts:
                self._add("STO-013", path, found=kind, accepted=", ".join(rule.fonts))
        stem = facts.name.rpartition(".")[0].replace("-", "")
        if rule.name == "isbn" and facts.isbns and stem not in facts.isbns:
            self._add("STO-014", expected=f"{facts.isbns[0]}.epub")

    def _check_navigation(self, rule: NavigationRules) -> None:
        if not self.facts.contents_path:
            self._add("STO-015")
        most, levels = rule.most_levels, self.facts.contents_levels
        if most is not None and levels > most:
            self._add("STO-016", self.facts.contents_path, levels=levels, maximum=most)

    def _check_styles(self, rule: TextRules) -> None:
        inline = (document.inline_styles for document in self.facts.documents)
        for sheet in filter(None, (*self.facts.stylesheets, *inline)):
            for line in sheet.negative_margins if rule.negative_margins else ():
                self._add("STO-018", sheet.path, line)
            for line in sheet.fixed_sizes if rule.fixed_body_size else ():
                self._add("STO-019", sheet.path, line)

    def _check_document(self, rule: TextRules, document: DocumentFacts) -> None:
        for name in rule.removed_elements:
            if name in document.elements:
                self._add("STO-017", document.path, document.elements[name], element=name)
        most = rule.hidden_most_characters
        for block in document.hidden_blocks:
            if most is not None and block.characters > most:
                characters = block.characters
                self._add("STO-020", document.path, block.line, characters=characters, maximum=most)

    def _check_metadata(self, rule: MetadataLimits) -> None:
        for name, text, most in (
            ("STO-021", self.facts.title, rule.title_most_characters),
            ("STO-022", self.facts.description, rule.description_most_characters),
        ):
            if most is not None and len(text) > most:
                self._add(name, characters=len(text), maximum=most)
