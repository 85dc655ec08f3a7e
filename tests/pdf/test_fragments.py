"""Linked fragments are the same pages as the engine's own file, with or without a cache."""

from __future__ import annotations

import io
import shutil
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from reference_rendering import assert_interior_is_reference, assert_screen_is_reference, pages
from typeset_fixtures import TypesetBook

from conftest import BOOKS, CACHE, ROOT, makeready


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fragments")


@pytest.mark.slow
@pytest.mark.parametrize("folder", [BOOKS / "garden", ROOT / "manuscript"], ids=["garden", "own"])
def test_the_interior_is_the_reference_to_the_pixel(folder: Path, store: Path) -> None:
    assert_interior_is_reference(TypesetBook(folder, store))


@pytest.mark.slow
@pytest.mark.parametrize("folder", [BOOKS / "garden", ROOT / "manuscript"], ids=["garden", "own"])
def test_the_screen_edition_has_the_structure_of_the_reference(folder: Path, store: Path) -> None:
    assert_screen_is_reference(TypesetBook(folder, store))


@pytest.mark.slow
def test_every_annotation_and_marked_page_is_in_the_parent_tree(store: Path) -> None:
    content = TypesetBook(BOOKS / "garden", store).screen()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        nodes = list(pdf.Root.StructTreeRoot.ParentTree.Kids)
        keys = [int(key) for node in nodes for key in list(node.Nums)[::2]]
        for node in nodes:
            assert [int(limit) for limit in node.Limits] == [int(node.Nums[0]), int(node.Nums[-2])]
        assert keys == sorted(set(keys))
        for page in pdf.pages:
            assert int(page.obj.StructParents) in keys
            for annotation in page.obj.get("/Annots", []):
                assert int(annotation.StructParent) in keys


@pytest.mark.long
def test_workers_write_the_same_file_as_one_process(tmp_path: Path) -> None:
    made = []
    for jobs in ("1", "2"):
        arguments = ("--cache", tmp_path / f"cache-{jobs}", "--jobs", jobs)
        shutil.copytree(CACHE / "faces", tmp_path / f"cache-{jobs}" / "faces", dirs_exist_ok=True)
        output = tmp_path / f"out-{len(made)}"
        run = makeready(
            "build",
            "paperback",
            "screen",
            "--book",
            BOOKS / "garden",
            "--output",
            output,
            *arguments,
        )
        assert run.code == 0, run.err
        made.append([(output / name).read_bytes() for name in sorted(_pdfs(output))])
    assert made[0] == made[1]
    assert len(made[0]) == 3


def _pdfs(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.pdf")]


@pytest.mark.slow
def test_a_corrupt_fragment_is_typeset_again(store: Path, tmp_path: Path) -> None:
    whole = TypesetBook(BOOKS / "garden", store).interior()
    shutil.copytree(store, tmp_path / "copy")
    victims = sorted((tmp_path / "copy").rglob("*.fragment"))[:8]
    for number, victim in enumerate(victims):
        content = bytearray(victim.read_bytes())
        if number % 2:
            content[len(content) // 2] ^= 255
        victim.write_bytes(content[: len(content) - number * 100])
    assert TypesetBook(BOOKS / "garden", tmp_path / "copy").interior() == whole


def test_the_cache_drops_the_least_recently_used(tmp_path: Path) -> None:
    from makeready.pagination.fragment_cache import FragmentCache  # noqa: PLC0415
    from makeready.pdf.extract import ExtractedSection  # noqa: PLC0415
    from makeready.pdf.fragment import Fragment  # noqa: PLC0415
    from makeready.pdf.objects import Objects  # noqa: PLC0415

    store = FragmentCache(tmp_path, largest_bytes=2500)
    keys = aa, bb, cc = tuple(sha256(name).hexdigest() for name in (b"aa", b"bb", b"cc"))
    for key in keys:
        extracted = ExtractedSection(Objects((), ()), (), metadata=b"x" * 800)
        store.put(key, Fragment(extracted=extracted, source_path="", page_count=1))
    import os  # noqa: PLC0415

    for age, key in ((30, bb), (20, aa), (10, cc)):
        path = next(tmp_path.rglob(f"{key}.fragment"))
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert store.get(bb) is not None
    store.evict()
    assert [store.get(key) is not None for key in keys] == [False, True, True]


def _write_book(folder: Path, lengths: list[int]) -> None:
    """Write a book of chapters of so many paragraphs, with references to every other chapter."""
    folder.mkdir(exist_ok=True)
    chapters = [f"chapter-{n}" for n in range(1, len(lengths) + 1)]
    listed = ", ".join(f'"{name}"' for name in chapters)
    (folder / "book.toml").write_text(
        f'title = "Edits"\nlanguage = "en"\nmodified = 2026-01-01\nfrontmatter = ["toc"]\n'
        f'bodymatter = [{listed}]\n[[contributors]]\nname = "A"\n'
        '[editions.paperback]\nkind = "print"\nprinter = "generic"\ntrim = "4.5x6in"\n'
        '[editions.screen]\nkind = "screen"\ntrim = "4.5x6in"\n',
        "utf-8",
    )
    for name, length in zip(chapters, lengths, strict=True):
        references = ", ".join(f"[](#{other}) [on](#{other}){{.page}}" for other in chapters)
        paragraphs = [
            f"Paragraph {n} of this chapter says what paragraphs say, at some length.[^{n}]\n\n"
            f"[^{n}]: Note {n}."
            for n in range(length)
        ]
        text = "\n\n".join([f"# The {name}", f"See {references}.", *paragraphs])
        (folder / f"{name}.md").write_text(text + "\n", "utf-8")


@pytest.mark.slow
@settings(
    max_examples=3,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 45)), min_size=1, max_size=3))
def test_after_any_edits_the_file_is_that_of_a_clean_build(
    edits: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("edits")
    lengths = [3, 12, 6]
    _write_book(base / "book", lengths)
    TypesetBook(base / "book", base / "kept").screen()
    for chapter, length in edits:
        lengths[chapter] = length
        _write_book(base / "book", lengths)
        kept = TypesetBook(base / "book", base / "kept").screen()
    assert kept == TypesetBook(base / "book", base / "clean").screen()


@pytest.mark.slow
def test_page_numbers_of_more_digits_settle(tmp_path: Path) -> None:
    _write_book(tmp_path / "book", [40, 40, 3])
    typeset_book = TypesetBook(tmp_path / "book", tmp_path / "store")
    ours, reference = typeset_book.interior(), typeset_book.reference("paperback")
    assert not typeset_book.findings.errors
    with pypdfium2.PdfDocument(ours) as pdf:
        assert len(pdf) > 12
    texts = [text for text, _ in pages(reference)]
    assert [text for text, _ in pages(ours)][: len(texts)] == texts


def test_a_fragment_of_other_code_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_book(tmp_path / "book", [1])
    first = TypesetBook(tmp_path / "book", tmp_path / "store")
    first.interior()
    again = TypesetBook(tmp_path / "book", tmp_path / "store")
    again.interior()
    assert first.done
    assert again.done == []
    monkeypatch.setattr("makeready.pagination.cache_key.code_version", lambda *_: "other code")
    other = TypesetBook(tmp_path / "book", tmp_path / "store")
    other.interior()
    assert sorted(set(other.done)) == sorted(set(first.done))


def test_a_cover_is_typeset_again_when_its_image_changes(tmp_path: Path) -> None:
    book = tmp_path / "book"
    _write_book(book, [1])
    (book / "styles" / "layouts").mkdir(parents=True)
    (book / "styles" / "layouts" / "cover.html.j2").write_text(
        '<html lang="en"><head><title>Cover</title></head>'
        '<body><img src="images/front.png" alt="" style="width: 90%"/></body></html>',
        "utf-8",
    )
    (book / "images").mkdir()
    fronts = []
    for shade in (40, 200):
        Image.new("L", (400, 400), shade).save(book / "images" / "front.png")
        typeset_book = TypesetBook(book, tmp_path / "store")
        # The typesetter of this process has the image in its cache.
        for _ in fronts:
            typeset_book.pagination.section_pool.invalidate()
        _, picture = next(pages(typeset_book.screen()))
        fronts.append(picture)
    assert ImageChops.difference(fronts[0], fronts[1]).getbbox() is not None
