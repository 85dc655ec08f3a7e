"""An edition typeset until its margins and its page numbers hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from makeready.book.model import Book, Edition, EditionKind, PageMap, Section
from makeready.book.toml_lines import TomlLines
from makeready.faces import Face
from makeready.findings import Findings, SourceLocation
from makeready.layout.cover import cover_document, cover_rule
from makeready.layout.documents import paged_section
from makeready.layout.environment import Layouts
from makeready.layout.trees import Medium
from makeready.pdf.assemble import Imposition
from makeready.pdf.bleed import has_bleed
from makeready.pdf.convergence import MOST_ROUNDS, converge
from makeready.pdf.edition_inks import ink_of
from makeready.pdf.folders import FileDigests, folders_of
from makeready.pdf.fragments.binding import Task
from makeready.pdf.fragments.crew import Crew
from makeready.pdf.fragments.fragment import Fragment, PageNumber
from makeready.pdf.fragments.keys import key_of, seed_of
from makeready.pdf.fragments.lengths import expected_pages, letters_to_a_page
from makeready.pdf.fragments.objects import Objects
from makeready.pdf.fragments.place import Block, Placement, place
from makeready.pdf.fragments.recipe import Failure, Recipe, Setting
from makeready.pdf.fragments.settle import Markup, Settled, Settling, failed
from makeready.pdf.fragments.store import FragmentStore
from makeready.pdf.geometry import Geometry, page_geometry
from makeready.pdf.markups import KeptMarkups, Markups
from makeready.printers.figures import MM_PER_INCH, PT_PER_INCH
from makeready.printers.filling import filling_of
from makeready.printers.profile import Profile, profile_of
from makeready.printers.refusal import RefusalError

_BOOK_FILE = "book.toml"

OnSection = Callable[[str], None]
Stage = Callable[[str], AbstractContextManager[None]]
"""Tells of a stage of the work, and takes its time, for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Paginated:
    """A settled edition, with the geometry and the recipe it was set to."""

    settled: Settled
    geometry: Geometry
    recipe: Recipe
    markup: Markup


@dataclass
class Pagination:
    """What it takes to typeset the paged editions of one book."""

    book: Book
    layouts: Layouts
    faces: tuple[Face, ...]
    findings: Findings
    crew: Crew
    store: FragmentStore
    on_section: OnSection = field(default=lambda _: None)
    stage: Stage = field(default=lambda _: nullcontext())
    markups: KeptMarkups = field(default_factory=KeptMarkups)
    _digests: FileDigests = field(default_factory=FileDigests)

    def recipe(self, *stylesheets: str, edition: Edition | None = None) -> Recipe:
        """Make a recipe of some stylesheets, for an edition or for the cover's picture."""
        screen = edition is not None and edition.kind is EditionKind.SCREEN
        ink = None
        if edition is not None and not screen:
            ink = ink_of(edition, black_only=edition.ink == "black")
        folders = folders_of(self.book, self.layouts, self.faces)
        return Recipe(stylesheets, self.faces, folders, ink, "pdf/ua-1" if screen else None)

    def seed(self, recipe: Recipe) -> bytes:
        """Digest what all that is set by a recipe depends on alike."""
        return seed_of(recipe, self.layouts)

    def images(self, markup: str) -> bytes:
        """Digest the images that a document shows."""
        folders = dict(folders_of(self.book, self.layouts, self.faces))
        return self._digests.of_images(folders, markup)

    def place_of(self, edition: Edition, key: str = "") -> SourceLocation:
        """Return where ``book.toml`` tells of an edition, or of one of its keys."""
        text = (self.book.root / _BOOK_FILE).read_text("utf-8")
        path = ("editions", edition.name, *([key] if key else []))
        return SourceLocation(_BOOK_FILE, TomlLines(text).line_of(path))

    def paginate(self, edition: Edition) -> Paginated:
        """Typeset an edition, the gutter following the page count until both hold.

        A screen edition takes the geometry of the first print edition of its trim size, so
        that its pages are the printed ones.
        """
        profile = profile_of(self._printed(edition))
        geometry = self._geometry(edition, profile, profile.gutter_pt(0))
        paginated, lacking_pt = converge(
            profile.gutter_pt(expected_pages(self.book.sections, geometry)),
            lambda gutter_pt: self._settle(edition, profile, gutter_pt),
            lambda one: profile.gutter_pt(one.settled.imposition.page_count),
        )
        if lacking_pt is not None:
            self.findings.add(
                "LAY-008",
                SourceLocation(_BOOK_FILE),
                rounds=MOST_ROUNDS,
                pages=paginated.settled.imposition.page_count,
                gutter_mm=f"{lacking_pt / PT_PER_INCH * MM_PER_INCH:.1f}",
            )
        if edition.kind is EditionKind.PRINT:
            self._check_limits(edition, profile, paginated.settled.imposition)
        return paginated

    def refuses(self, edition: Edition) -> bool:
        """Tell whether an edition asks its printer for what it does not make; it is a finding."""
        edition = self._printed(edition)
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        try:
            profile = profile_of(edition)
            profile.maximum_pages(trim, edition.paper, edition.ink)
            profile.standard(edition.pdf_x)
        except RefusalError as error:
            self.findings.add(
                "PRN-020",
                self.place_of(edition, error.key),
                edition=edition.name,
                message=error.message,
                hint=error.hint,
            )
            return True
        return False

    def place_all(self, tasks: Sequence[Task]) -> list[Block]:
        """Put fragments in their places, those anew that were not there the last time."""
        blocks = {key: self.store.get_block(key, placement) for key, _, placement in tasks}
        missing = [task for task in tasks if blocks[task[0]] is None]
        made = self.crew.map(_placed, [(f.cut.objects, f.numbers, p) for _, f, p in missing])
        for (key, _, placement), new in zip(missing, made, strict=True):
            self.store.put_block(key, placement, new)
            blocks[key] = new
        return [block for key, _, _ in tasks if (block := blocks[key]) is not None]

    def _printed(self, edition: Edition) -> Edition:
        """Return the print edition whose pages an edition shows."""
        if edition.kind is EditionKind.PRINT:
            return edition
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        for other in self.book.editions:
            same = (other.trim_width_pt, other.trim_height_pt) == trim
            if other.kind is EditionKind.PRINT and same:
                return other
        return edition

    def _geometry(self, edition: Edition, profile: Profile, gutter_pt: float) -> Geometry:
        bleeds = has_bleed(self.book, self._printed(edition))
        geometry = page_geometry(
            edition.trim_width_pt,
            edition.trim_height_pt,
            gutter_pt,
            profile.outside_margin_pt(bleed=bleeds),
            self.layouts.data_file("measures.toml"),
        )
        if not bleeds:
            return geometry
        bleed_pt, spine_pt = profile.bleed_pt
        return replace(geometry, bleed_pt=bleed_pt, spine_bleed_pt=spine_pt)

    def _settle(self, edition: Edition, profile: Profile, gutter_pt: float) -> Paginated:
        geometry = self._geometry(edition, profile, gutter_pt)
        screen = edition.kind is EditionKind.SCREEN
        names = ("book.css", "print.css", "screen.css") if screen else ("book.css", "print.css")
        sheets = [self.layouts.stylesheet(name) for name in names]
        recipe = self.recipe(*sheets, geometry.rule(mirrored=not screen), edition=edition)
        markup = self._markups(Medium.SCREEN if screen else Medium.PRINT)
        settling = Settling(
            sections=self.book.sections,
            anchors=self.book.anchors,
            markup=markup,
            images=self.images,
            chapters_open=self._printed(edition).chapters_open,
            recipe=recipe,
            crew=self.crew,
            store=self.store,
            seed=self.seed(recipe),
            letters_to_a_page=letters_to_a_page(geometry),
            findings=self.findings,
            on_done=self.on_section,
            filling=filling_of(self._printed(edition)),
        )
        return Paginated(settling.settle(), geometry, recipe, markup)

    def _markups(self, medium: Medium) -> Markups:
        def render(section: Section, page_map: PageMap) -> str:
            return paged_section(self.book, self.layouts, section, medium, page_map, self.faces)

        return Markups(medium, render, self.markups)

    def begin_cover(
        self, width_pt: float, height_pt: float, edition: Edition
    ) -> Callable[[], tuple[str, Fragment]]:
        """Begin to set the front cover as a page of an edition.

        What is returned waits for it, and returns it with its key.
        """
        sheet = self.layouts.stylesheet("cover.css")
        recipe = self.recipe(sheet, cover_rule(width_pt, height_pt), edition=edition)
        setting = Setting(
            "cover", "book.toml", cover_document(self.book, self.layouts), 1, on_verso=False
        )
        key = key_of(self.seed(recipe), setting, self.images(setting.markup))
        kept = self.store.get(key)
        if kept is not None:
            return lambda: (key, kept)
        awaited = self.crew.set_beside(recipe, setting)

        def cover() -> tuple[str, Fragment]:
            result = awaited()
            if isinstance(result, Failure):
                raise failed("cover", SourceLocation(_BOOK_FILE), result, self.findings)
            self.store.put(key, result)
            return key, result

        return cover

    def _check_limits(self, edition: Edition, profile: Profile, imposition: Imposition) -> None:
        pages, printed = imposition.page_count, imposition.printed_count
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        values = {"edition": edition.name, "pages": pages, "printer": profile.title}
        most = profile.maximum_pages(trim, edition.paper, edition.ink)
        if most is not None and pages > most:
            self.findings.add("PRN-021", SourceLocation(_BOOK_FILE), maximum=most, **values)
        filling = filling_of(edition)
        if filling.thickens(printed):
            values |= {"blanks": pages - printed, "least": filling.least}
            self.findings.add("PRN-067", self.place_of(edition), **values)


def _placed(task: tuple[Objects, tuple[PageNumber, ...], Placement]) -> Block:
    return place(*task)
