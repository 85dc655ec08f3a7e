"""Typesetting repeated until every page number is right: the fixed point.

Sections depend on page numbers only through how many digits they have, where those digits can
be swapped in place; so a first round on guessed numbers is often the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import Anchor, PageMap, Section
from makeready.errors import FindingsError
from makeready.findings import Findings, SourceLocation
from makeready.pdf.assemble import Imposition, Place, impose
from makeready.pdf.fragments.crew import Crew
from makeready.pdf.fragments.foresight import Foresight, longest_first
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.keys import key_of
from makeready.pdf.fragments.lengths import depths
from makeready.pdf.fragments.recipe import Failure, Recipe, Setting
from makeready.pdf.fragments.store import FragmentStore
from makeready.printers.filling import EVEN, Filling

_MOST_ROUNDS = 6

Markup = Callable[[Section, PageMap], str]


def _none(_idle: int) -> Mapping[str, Setting]:
    return {}


class UnsettableError(FindingsError):
    """A section of the edition could not be set; its finding says why."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A book whose page numbers hold: its sections in their places, and their fragments.

    ``keys`` are what the fragments are kept under.
    """

    imposition: Imposition
    fragments: Mapping[str, Fragment]
    page_map: PageMap
    keys: Mapping[str, str]


@dataclass
class Settling:
    """What it takes to settle one edition.

    ``seed`` stands for all that its fragments depend on alike; ``images`` gives a digest of the
    images a document shows.
    """

    sections: Sequence[Section]
    anchors: Mapping[str, Anchor]
    markup: Markup
    images: Callable[[str], bytes]
    chapters_open: str
    recipe: Recipe
    crew: Crew
    store: FragmentStore
    seed: bytes
    letters_to_a_page: float
    findings: Findings
    on_done: Callable[[str], None]
    filling: Filling = EVEN
    _fragments: dict[str, Fragment] = field(default_factory=dict)
    _exact: set[str] = field(default_factory=set)
    _awaited: dict[str, str] = field(default_factory=dict)
    """The names of the sections that are being set, by the keys of what they are set from."""

    _ventured: set[str] = field(default_factory=set)
    """The keys of what is being set that no section may ever be set from."""

    _shown: tuple[PageMap, PageMap] | None = None
    """A page map, and what it is where digits alone are counted."""

    _depths: dict[str, dict[str, float]] = field(default_factory=dict)
    _by_section: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> Settled:
        """Typeset until what the sections were set from is what they came to."""
        self._exact |= {section.name for section in self.sections if section.kind.made_of_pages}
        before = self._set_first()
        for _ in range(_MOST_ROUNDS):
            imposition, page_map = self._impose(self._counts())
            self._exact |= set(self._with_other_folios(imposition))
            settings = {p.section.name: self._setting(p, page_map) for p in imposition.places}
            keys = {name: self._key(setting) for name, setting in settings.items()}
            if keys == before:
                self.crew.remember(self.recipe, settings.values())
                return self._settled(imposition, page_map, keys)
            changed = {n: s for n, s in settings.items() if keys[n] != before.get(n)}
            self._set(longest_first(self._missing(changed, keys)))
            before = keys
        self.findings.add("LAY-002", SourceLocation("book.toml"), rounds=_MOST_ROUNDS)
        return self._settled(imposition, page_map, keys)

    def _settled(
        self, imposition: Imposition, page_map: PageMap, keys: Mapping[str, str]
    ) -> Settled:
        names = [place.section.name for place in imposition.places]
        fragments = {name: self._fragments[name] for name in names}
        return Settled(imposition, fragments, page_map, keys)

    def _set_first(self) -> dict[str, str]:
        """Set each section as soon as no guess changes what it is set from; return the keys."""
        foresight = Foresight(self.sections, self.letters_to_a_page, self._impose, self._setting)
        keys: dict[str, str] = {}

        def more(idle: int) -> dict[str, Setting]:
            missing: dict[str, Setting] = {}
            while not missing and (settings := foresight.ready(self._counts())):
                keys.update((name, self._key(setting)) for name, setting in settings.items())
                missing = self._missing(settings, keys)
            new = {key: setting for key, setting in missing.items() if key not in self._ventured}
            return new | self._ventures(foresight, idle - len(new))

        self._set(more(0), more)
        return keys

    def _ventures(self, foresight: Foresight, idle: int) -> dict[str, Setting]:
        """Have something to do for workers who are idle: what is likely to be asked for next."""
        likely = foresight.ventures(self._counts(), idle) if idle > 0 else {}
        ventures = {self._key(setting): setting for setting in likely.values()}
        new = {key: s for key, s in ventures.items() if self.store.get(key) is None}
        self._ventured |= new.keys()
        return new

    def _counts(self) -> dict[str, int]:
        return {name: fragment.page_count for name, fragment in self._fragments.items()}

    def _impose(self, counts: Mapping[str, int]) -> tuple[Imposition, PageMap]:
        imposition = impose(self.chapters_open, self.sections, counts, self.filling)
        return imposition, self._page_map(imposition)

    def _page_map(self, imposition: Imposition) -> PageMap:
        """Map anchors to labels; of a section not yet set, by how far into it they stand."""
        labels: dict[str, str] = {}
        for place in imposition.places:
            name, own = place.section.name, imposition.labels_of(place)
            fragment = self._fragments.get(name)
            pages = self._guessed_pages(place) if fragment is None else fragment.anchors()
            # What is nowhere on the pages counts as being on the first.
            labels |= dict.fromkeys((name, *self._anchors_of(name)), own[0])
            labels |= {anchor: own[page] for anchor, page in pages.items()}
        return PageMap(labels)

    def _guessed_pages(self, place: Place) -> dict[str, int]:
        name = place.section.name
        if name not in self._depths:
            self._depths[name] = depths(place.section)
        last = place.page_count - 1
        return {a: min(last, int(d * place.page_count)) for a, d in self._depths[name].items()}

    def _anchors_of(self, name: str) -> Sequence[str]:
        if not self._by_section:
            for anchor in self.anchors.values():
                self._by_section.setdefault(anchor.section, []).append(anchor.id)
        return self._by_section.get(name, ())

    def _setting(self, place: Place, page_map: PageMap) -> Setting:
        section = place.section
        if section.name in self._exact:
            number, shown = place.first_number, page_map
        else:
            number, shown = _stand_in(place), self._digits_of(page_map)
        return Setting(
            section.name,
            _source_path(section),
            self.markup(section, shown),
            number,
            place.on_verso,
        )

    def _digits_of(self, page_map: PageMap) -> PageMap:
        if self._shown is None or self._shown[0] is not page_map:
            self._shown = page_map, _digits_only(page_map)
        return self._shown[1]

    def _key(self, setting: Setting) -> str:
        return key_of(self.seed, setting, self.images(setting.markup))

    def _missing(
        self, settings: Mapping[str, Setting], keys: Mapping[str, str]
    ) -> dict[str, Setting]:
        """Take the fragments that are kept, and return the settings of the others by their keys."""
        missing: dict[str, Setting] = {}
        for name, setting in settings.items():
            fragment = self.store.get(keys[name])
            if fragment is None:
                self._awaited[keys[name]] = name
                missing[keys[name]] = setting
            else:
                self._take(name, fragment)
        return missing

    def _set(
        self, missing: Mapping[str, Setting], more: Callable[[int], Mapping[str, Setting]] = _none
    ) -> None:
        """Set the sections that are missing, and then what ``more`` adds to them.

        What was ventured is kept, and is nothing else until a section is to be set from just that.
        """
        for key, result in self.crew.set_all(self.recipe, missing, self.on_done, more):
            name = self._awaited.pop(key, None)
            self._ventured.discard(key)
            if isinstance(result, Fragment):
                self.store.put(key, result)
                if name is not None:
                    self._take(name, result)
            elif name is not None:
                self._refuse(name, result)

    def _with_other_folios(self, imposition: Imposition) -> Iterator[str]:
        """Find sections that print Arabic folios where pages are numbered otherwise."""
        for place in imposition.places:
            name = place.section.name
            folios = (n for n in self._fragments[name].numbers if n.glyphs and not n.target)
            if not imposition.labels[place.first_index].isdigit() and any(folios):
                yield name

    def _take(self, name: str, fragment: Fragment) -> None:
        self._fragments[name] = fragment
        if not fragment.is_changeable:
            self._exact.add(name)

    def _refuse(self, name: str, failure: Failure) -> None:
        section = next(section for section in self.sections if section.name == name)
        raise failed(name, SourceLocation(_source_path(section)), failure, self.findings)


def failed(
    name: str, location: SourceLocation, failure: Failure, findings: Findings
) -> UnsettableError:
    """Make a finding of a section that could not be set, and return what ends the edition."""
    step = f"Typesetting {name}"
    if failure.seconds is not None:
        findings.add("LAY-009", location, step=step, seconds=f"{failure.seconds:g}")
    elif failure.lacking:
        findings.add("LAY-030", location, name=name, lacking=failure.lacking)
    else:
        findings.add("LAY-010", location, step=step, reason=failure.reason)
    return UnsettableError(f"{step} failed.")


def _source_path(section: Section) -> str:
    return section.source_path or "book.toml"


def _stand_in(place: Place) -> int:
    """Return the number to set a section from: the lowest with folios of the same digits."""
    digits = len(str(place.first_number))
    last = place.first_number + place.page_count
    return 10 ** (digits - 1) if len(str(last)) == digits else place.first_number


def _digits_only(page_map: PageMap) -> PageMap:
    return PageMap({a: "0" * len(n) if n.isdigit() else n for a, n in page_map.labels.items()})
