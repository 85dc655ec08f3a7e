"""What a cache keeps is found again while all that made it is the same, and not after."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from check_samples import jpeg
from typeset_fixtures import TypesetBook

import makeready
from conftest import BOOKS, Run
from conftest import makeready as run
from makeready import cache as disk_cache
from makeready.book.model import Edition, EditionKind
from makeready.cache import DiskCache, code_version, source_files
from makeready.checks.completeness.editions import CompletenessCheck, SectionDocument
from makeready.cover.design import cover_design
from makeready.cover.wrap import make_wrap
from makeready.engine.section_job import SectionJob
from makeready.epub.image_scaling import ImageScaler
from makeready.findings import Findings
from makeready.fonts.instances import load_fonts
from makeready.manuscript import cache as section_cache
from makeready.manuscript.cache import SectionCache
from makeready.pagination.cache_key import section_key
from makeready.pdf.inks import ink_converter
from makeready.printers.print_job import print_job
from test_imports import MODULES, imported, module_of

PACKAGE = Path(makeready.__file__).parent
ENTRIES = (
    "makeready.manuscript.reader",
    "makeready.pagination.worker",
    "makeready.pagination.remote_worker",
    "makeready.pdf.renumber",
    "makeready.cover.draw",
    "makeready.cover.wrap",
    "makeready.epub.image_scaling",
    "makeready.checks.completeness.editions",
    "makeready.fonts.static_font",
)
"""The modules whose code makes what is kept."""


# Each module is imported into a process of its own, which has the libraries already.
LOAD = """
import importlib, json, os, sys
import lxml.etree, markdown, pikepdf, PIL.Image, pydantic, uharfbuzz, weasyprint
loaded = {}
for entry in sys.argv[1:]:
    reading, writing = os.pipe()
    if os.fork() == 0:
        importlib.import_module(entry)
        own = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] == "makeready"]
        os.write(writing, json.dumps(own).encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        loaded[entry] = json.load(pipe)
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded_files() -> dict[str, list[str]]:
    """The files of this package that importing each entry loads."""
    shown = subprocess.run(
        [sys.executable, "-c", LOAD, *ENTRIES],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    loaded: dict[str, list[str]] = json.loads(shown.stdout)
    return loaded


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_module_that_is_loaded_is_among_the_files(
    entry: str, loaded_files: dict[str, list[str]]
) -> None:
    loaded = set(map(Path, loaded_files[entry]))
    assert len(loaded) > 3
    assert loaded <= set(source_files(entry))


def test_every_import_is_followed_wherever_it_stands() -> None:
    # Imports inside functions are met only when they are called.
    for entry in ENTRIES:
        files = set(source_files(entry))
        for path in files & set(MODULES):
            assert imported_files(path) <= files, (entry, path)


@cache
def imported_files(path: Path) -> set[Path]:
    """Return the modules of this package that a module imports, by its syntax tree."""
    names = [n for n in imported(path.read_text("utf-8")) if n.startswith("makeready.")]
    return {module for name in names if (module := module_of(name)) is not None}


def test_modules_that_are_not_imported_are_not_among_the_files() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in source_files(ENTRIES[-1])}
    assert names == {
        "__init__.py",
        "files.py",
        "fonts/__init__.py",
        "fonts/font.py",
        "fonts/scripts.toml",
        "fonts/sealing.py",
        "fonts/static_font.py",
        "fonts/tables.py",
        "user_cache.py",
    }


JOB = print_job(
    Edition("paperback", EditionKind.PRINT, 432.0, 648.0, printer="kdp", paper="cream", ink="black")
)
PROFILE = "printers/profiles/FOGRA39L_coated.icc"
ELSEWHERE = "onix/codes.toml", "distribution/kit.py"
STORES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sections": (
        ("manuscript/typography.py", "book/punctuation/de.toml", "rules/manuscript.toml"),
        ("engine/lines/plan.py", "templates/trees.py", "printers/kdp.toml"),
    ),
    "fragments": (
        ("engine/lines/plan.py", "pagination/worker.py", "pdf/renumber.py", "pdf/inks.py", PROFILE),
        ("manuscript/typography.py", "cover/barcode.py", "pdf/linker.py"),
    ),
    "cover picture": (
        ("cover/draw.py", "engine/typesetter.py", "engine/proofread.py"),
        ("cover/wrap.py", "manuscript/typography.py"),
    ),
    "wraps": (
        ("cover/wrap.py", "cover/barcode.py", "pdf/pdfx.py", "printers/kdp.toml", PROFILE),
        ("cover/guides.py", "manuscript/typography.py"),
    ),
    "proofs": (
        ("checks/completeness/letters.py", "checks/completeness/hidden.py", "book/model.py"),
        ("engine/lines/plan.py", "pdf/linker.py", "checks/epub/facts.py"),
    ),
    "scaled images": (
        ("epub/image_scaling.py", "images/raster.py"),
        ("epub/fonts.py", "engine/lines/plan.py"),
    ),
    "static fonts": (
        ("fonts/static_font.py", "fonts/tables.py"),
        ("fonts/instances.py", "findings.py", "rules/print.toml", "book/schema.py"),
    ),
}
"""Of each store: files whose change makes its things again, and files whose change does not."""

FONTS = """\
[[family]]
name = "EB Garamond"
slug = "eb-garamond"
package = "{package}"
licence = "{licence}"
credit = "Somebody"

[[family.face]]
file = "{file}"
style = "normal"
weight = 400
"""


class KeyRecorder(DiskCache):
    """A cache that has everything, and records the key it was asked for last."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ".block", 0)
        self.key = ""

    def get(self, key: str) -> bytes:
        self.key = key
        return b"1kept"


class StoreKeys:
    """The keys that the stores keep one book, one image and one font under."""

    def __init__(self, folder: Path) -> None:
        self._workshop = TypesetBook(BOOKS / "leaflet", folder / "fragments")
        self._recorder = KeyRecorder(folder)
        self._image = jpeg(1500, 1000)
        self._epub = BytesIO()
        with zipfile.ZipFile(self._epub, "w") as archive:
            archive.writestr("a", "<a/>")
        self._fonts = folder / "fonts.toml"
        self._static = folder / "static"
        first = self._workshop.pagination.fonts[0]
        package = next(p for p in first.licence.parents if p.parent.name == "site-packages")
        (file, *_) = sorted(package.rglob("*.ttf"))
        self._fonts.write_text(
            FONTS.format(
                package=package.name,
                licence=first.licence.relative_to(package).as_posix(),
                file=file.relative_to(package).as_posix(),
            )
        )

    def of(self, store: str) -> str:
        pagination = self._workshop.pagination
        if store == "sections":
            return SectionCache.key(b"# One", "chapter-1.md")
        if store == "fragments":
            config = pagination.config_digest(
                pagination.typesetter_config("p {}", ink=ink_converter(JOB, black_only=True))
            )
            return section_key(config, SectionJob("one", "one.md", "<p/>", 1, on_verso=False), b"")
        if store == "cover picture":
            return cover_design(pagination.book, pagination.layouts, pagination.fonts).key
        if store == "static fonts":
            (font,) = load_fonts(self._fonts, self._static)
            return font.path.name
        if store == "proofs":
            book = replace(pagination.book, sections=pagination.book.sections[:1])
            check = CompletenessCheck(book, "", Findings(), self._recorder)
            check.check_epub(self._epub, [SectionDocument(book.sections[0], "a", lambda _: None)])
        elif store == "wraps":
            assert make_wrap(pagination, JOB, 240, self._recorder) is not None
        else:
            assert ImageScaler(1_000_000, self._recorder).scale(self._image) == b"1kept"
        return self._recorder.key


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> StoreKeys:
    return StoreKeys(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="module")
def copied_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_package(tmp_path_factory.mktemp("copy"))


def copy_of_package(folder: Path) -> Path:
    """Copy the package and the styles it comes with; return the folder of the package."""
    sources = PACKAGE.parents[1]
    shutil.copytree(sources / "styles", folder / "styles")
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(PACKAGE, folder / "scripts" / "makeready", ignore=ignored)


@contextmanager
def changed(path: Path) -> Iterator[None]:
    """Change the last byte of a file for as long as the context lasts."""
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    forget_versions()
    try:
        yield
    finally:
        path.write_bytes(content)
        forget_versions()


_VERSION_CACHES = (
    code_version,
    disk_cache._imports_and_data,
    disk_cache._path_of,
    disk_cache._data_files,
)


def forget_versions() -> None:
    """Have the code's version worked out again, as by a new process."""
    for kept in _VERSION_CACHES:
        kept.cache_clear()
    section_cache._environment_digest.cache_clear()


@pytest.mark.parametrize("store", STORES)
def test_a_key_changes_with_the_code_and_data_it_depends_on(
    store: str, keys: StoreKeys, copied_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys.of(store)
    monkeypatch.setattr("makeready.cache._PACKAGE", copied_package)
    forget_versions()
    assert keys.of(store) == before
    depends_on, independent_of = STORES[store]
    for name in depends_on:
        with changed(copied_package / name):
            assert keys.of(store) != before, name
    for name in (*independent_of, *ELSEWHERE):
        with changed(copied_package / name):
            assert (keys.of(store), name) == (before, name)


def other_inks(profile: bytes) -> bytes:
    """Return a CMYK profile whose inks are half of what they were."""
    content = bytearray(profile)
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = dict(struct.unpack_from(">4s4s", profile, 132 + 12 * tag) for tag in range(count))
    (start,) = struct.unpack(">I", tags[b"B2A1"])
    kind, channels, inks, grid = struct.unpack_from(">4s4xBBB", profile, start)
    (entries,) = struct.unpack_from(">H", profile, start + 48)
    assert (kind, channels, inks) == (b"mft2", 3, 4)
    table = struct.Struct(f">{grid**channels * inks}H")
    at = start + 52 + 2 * channels * entries
    table.pack_into(content, at, *(value // 2 for value in table.unpack_from(profile, at)))
    return bytes(content)


@pytest.mark.long
def test_after_a_change_of_the_profile_an_old_cache_gives_no_old_inks(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    toml = book / "book.toml"
    toml.write_text(toml.read_text().replace('"generic"', '"generic"\nink = "colour"'))
    (book / "styles" / "css").mkdir(parents=True)
    (book / "styles" / "css" / "print.css").write_text("h1 { color: rgb(200, 30, 60) }")
    package = copy_of_package(tmp_path / "copy")

    def built(output: str, cache: str) -> bytes:
        made: Run = run(
            *("build", "paperback", "--book", book, "--output", tmp_path / output),
            *("--cache", tmp_path / cache, "--jobs", "1"),
            PYTHONPATH=str(package.parent),
        )
        assert made.code == 0, made.out + made.err
        return (tmp_path / output / "leaflet-paperback.pdf").read_bytes()

    first = built("first", "old")
    profile = package / "printers" / "profiles" / "FOGRA39L_coated.icc"
    profile.write_bytes(other_inks(profile.read_bytes()))
    after = built("after", "old")
    assert after == built("fresh", "new")
    assert after != first
