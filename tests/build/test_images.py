"""Images of every kind in the finished PDFs and the e-book: inks, sizes, resolution, position."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import sample_images as samples
from PIL import Image
from pypdfium2 import raw

from conftest import CACHE, Run, makeready
from makeready.external.epubcheck import jar_path

pytestmark = pytest.mark.slow

TOML = """\
title = "Images"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2", "chapter-3"]
[[contributors]]
name = "Ann Bell"
[editions.black]
kind = "print"
printer = "generic"
trim = "6x9in"
ink = "black"
[editions.colour]
kind = "print"
printer = "generic"
trim = "6x9in"
ink = "colour"
[editions.screen]
kind = "screen"
[editions.ebook]
kind = "epub"
"""
GREY, INKS, RGB = ("/DeviceGray", 8), ("/DeviceCMYK", 8), ("/DeviceRGB", 8)
BILEVEL = ("/DeviceGray", 1)
JPEG, LOSSLESS = "/DCTDecode", "/FlateDecode"
DARK, LIGHT = 100, 245
MOST_EBOOK_PIXELS = 3_200_000
"""What IngramSpark accepts, the least of all stores."""


@dataclass(frozen=True)
class Kind:
    """A file, and what it becomes: colour space and bits by edition, filter, and size in pixels."""

    content: bytes
    black: tuple[str, int] = GREY
    colour: tuple[str, int] = INKS
    screen: tuple[str, int] = RGB
    filter: str = LOSSLESS
    size: tuple[int, int] = samples.SIZE
    unchanged_in: tuple[str, ...] = ()
    has_mask: bool = False
    has_red: bool = True


def of_grey(content: bytes, **more: object) -> Kind:
    return Kind(content, GREY, GREY, GREY, has_red=False, **more)  # type: ignore[arg-type]


def bilevel(content: bytes, **more: object) -> Kind:
    return Kind(content, BILEVEL, BILEVEL, BILEVEL, has_red=False, **more)  # type: ignore[arg-type]


KINDS = {
    "plain.jpg": Kind(samples.jpeg(samples.motif()), filter=JPEG, unchanged_in=("screen",)),
    "progressive.JPG": Kind(
        samples.jpeg(samples.motif(), progressive=True), filter=JPEG, unchanged_in=("screen",)
    ),
    "grey.jpeg": of_grey(
        samples.jpeg(samples.motif().convert("L")),
        filter=JPEG,
        unchanged_in=("black", "colour", "screen"),
    ),
    **{f"turned-{n}.jpg": Kind(samples.turned(n), filter=JPEG) for n in (3, 6, 7)},
    "inks.jpg": Kind(samples.jpeg(samples.inks()), filter=JPEG, unchanged_in=("colour",)),
    "heavy-inks.jpg": Kind(samples.jpeg(samples.inks(heavy=True)), filter=JPEG),
    "straight-inks.jpg": Kind(
        samples.without_adobe_marker(
            samples.jpeg(samples.ImageChops.invert(samples.inks()))
        ),
        filter=JPEG,
        unchanged_in=("colour",),
    ),
    "black-ink.jpg": Kind(
        samples.jpeg(samples.line_art().convert("L").convert("CMYK")),
        INKS and GREY, INKS, GREY, filter=JPEG, unchanged_in=("colour",), has_red=False,
    ),
    "standard-profile.jpg": Kind(
        samples.jpeg(samples.motif(), icc_profile=samples.standard_profile()),
        filter=JPEG,
        unchanged_in=("screen",),
    ),
    "swapped-profile.jpg": Kind(
        samples.jpeg(samples.motif(red=(0, 0, 200)), icc_profile=samples.swapped_profile()),
        filter=JPEG,
    ),
    "damaged-profile.jpg": Kind(
        samples.jpeg(samples.motif(), icc_profile=b"no profile"),
        filter=JPEG,
        unchanged_in=("screen",),
    ),
    "colours.png": Kind(samples.png(samples.motif())),
    "neutral.png": Kind(
        samples.png(samples.motif().convert("L").convert("RGB")), GREY, GREY, RGB, has_red=False
    ),
    "sixteen-bits.png": of_grey(samples.sixteen_bits()),
    "grey-alpha.png": of_grey(samples.png(samples.seen_through("LA")), has_mask=True),
    "colour-alpha.PNG": Kind(samples.png(samples.seen_through("RGBA")), has_mask=True),
    "key.png": Kind(samples.png(samples.motif(), transparency=(255, 255, 255)), has_mask=True),
    "palette.png": Kind(samples.png(samples.motif().quantize(16))),
    "clear-palette.png": Kind(samples.clear_palette(samples.motif()), has_mask=True),
    "interlaced.png": of_grey(samples.interlaced(samples.motif((90, 60))), size=(90, 60)),
    "line-art.png": bilevel(samples.png(samples.line_art())),
    "black-palette.gif": bilevel(
        samples.encoded(samples.line_art().convert("RGB").quantize(2), "GIF")
    ),
    "still.gif": Kind(samples.encoded(samples.motif().quantize(16), "GIF")),
    "moving.gif": Kind(samples.moving("GIF")),
    "moving.webp": Kind(samples.moving("WEBP"), filter=JPEG),
    "lossy.webp": Kind(samples.encoded(samples.motif(), "WEBP", quality=90), filter=JPEG),
    "lossless.webp": Kind(
        samples.encoded(samples.seen_through("RGBA"), "WEBP", lossless=True), has_mask=True
    ),
    "large.jpg": Kind(samples.jpeg(samples.motif((3000, 2000))), filter=JPEG),
    "large.png": Kind(samples.png(samples.motif((1008, 672)))),
    "just-large.png": Kind(samples.png(samples.motif((975, 650))), size=(975, 650)),
    "large-line-art.png": bilevel(samples.png(samples.line_art((4050, 2700))), size=(3600, 2400)),
    "just-large-line-art.png": bilevel(
        samples.png(samples.line_art((3900, 2600))), size=(3900, 2600)
    ),
    "linear-grey.jpg": of_grey(
        samples.jpeg(samples.motif().convert("L"), icc_profile=samples.linear_grey_profile()),
        filter=JPEG,
    ),
}  # fmt: skip
NAMES = {
    "plan_#1.jpg": "plan_%231.jpg",
    "100%.png": "100%25.png",
    "what now?.png": "what%20now?.png",
    "Zürich & 示意图.PNG": "Zürich%20&%20示意图.PNG",
}
"""Files with special characters, and how the manuscript writes their names."""

MISNAMED = ("photo.jfif", "plain.png")
"""JPEG files whose names have other endings."""

EM_PT = 12.0
COLUMN_PT = 300.0
SIZES = {
    "![a](images/size.png){width=1in}": 72,
    "![a](images/size.png){width=96}": 72,
    "![a](images/size.png){width=50%}": COLUMN_PT / 2,
    "![a](images/size.png){width=3cm}": 3 / 2.54 * 72,
    "![a](images/size.png){width=5em}": 5 * EM_PT,
    "![a](images/size.png){height=1in}": 108,
    "![a](images/size.png){height=10in}": COLUMN_PT,
    "![a](images/size.png){width=20in height=1in}": 108,
    "![a](images/size.png){width=20in}": COLUMN_PT,
    "![a](images/size.png){width=50% height=3cm}": 4.5 / 2.54 * 72,
    '![a](images/size.png "A caption"){width=40mm}': 40 / 25.4 * 72,
    '![a](images/size.png "A caption"){width=20in}': COLUMN_PT,
    "Words ![a](images/size.png){width=36pt} in a line.": 36,
    '<p align="center"><img src="images/size.png" alt="a" width="200"></p>': 150,
    "| a |\n|---|\n| ![a](images/size.png){width=1in} |": 72,
    "- An item.\n\n    ![a](images/size.png){width=2in}": 144,
    "![](images/size.png){.decorative width=25%}": COLUMN_PT / 4,
    "![a](images/tall.png){width=3in}": None,
}
"""Forms of images, and the widths in points at which pages show them."""

STYLES = {
    "linear": "background: linear-gradient(to right, device-cmyk(0 1 1 0), device-cmyk(1 0 0 0))",
    "mixed": "background: radial-gradient(device-cmyk(0 0 1 0), green 50%, #123)",
    "repeating": "background: repeating-linear-gradient(45deg, red, device-cmyk(0 0 0 1) 12px)",
    "oklch": "background: linear-gradient(oklch(70% .2 30), lab(50% 40 -30))",
    "clear": "background: linear-gradient(device-cmyk(0 1 0 0), transparent)",
    "inset": "border: 6px inset device-cmyk(0 1 1 0)",
    "outset": "border: 6px outset #c60",
    "ridge": "border: 6px ridge device-cmyk(1 0 0 .2)",
    "groove": "border: 6px groove oklch(70% .2 150)",
    "shadow": "box-shadow: 4px 4px 5px device-cmyk(0 .5 1 0)",
    "tint": "background: device-cmyk(.6 .2 0 0); color: lab(30% 40 20)",
    "tiles": "background: url(images/large.jpg) 0 0 / 60px 40px",
    "faint": "opacity: .5; background: url(images/large.png) no-repeat 0 0 / 60px 40px",
}


def shown_as(name: str) -> str:
    return f"![a motif](images/{name}){{width=3in}}"


def chapters() -> dict[str, str]:
    kinds = "\n\n".join(map(shown_as, KINDS))
    names = "\n\n".join(f"![a motif](<images/{name}>){{width=3in}}" for name in NAMES.values())
    drawings = shown_as("drawing.svg")
    misnamed = "\n\n".join(map(shown_as, MISNAMED))
    boxes = "\n\n".join(f"/// div | .{name}\nText\n///" for name in STYLES)
    return {
        "chapter-1": f"# Kinds\n\n{kinds}\n\n{names}\n\n{drawings}\n\n{misnamed}\n",
        "chapter-2": "# Sizes\n\n" + "\n\n".join(SIZES) + "\n",
        "chapter-3": f"# Inks\n\n{boxes}\n",
    }


def write_book(root: Path) -> None:
    (root / "images").mkdir(parents=True)
    (root / "styles/css").mkdir(parents=True)
    (root / "book.toml").write_text(TOML, "utf-8")
    for name, text in chapters().items():
        (root / f"{name}.md").write_text(text, "utf-8")
    for name, kind in KINDS.items():
        (root / "images" / name).write_bytes(kind.content)
    for name in NAMES:
        form = samples.jpeg if name.endswith("jpg") else samples.png
        (root / "images" / name).write_bytes(form(samples.motif()))
    for name in MISNAMED:
        (root / "images" / name).write_bytes(samples.jpeg(samples.motif()))
    (root / "images/drawing.svg").write_bytes(samples.drawing())
    (root / "images/size.png").write_bytes(samples.png(samples.motif()))
    (root / "images/tall.png").write_bytes(samples.png(samples.motif((300, 2000))))
    rules = "\n".join(f".{name} {{ {rule}; height: 30px }}" for name, rule in STYLES.items())
    (root / "styles/css/print.css").write_text(rules, "utf-8")


@dataclass(frozen=True)
class Shown:
    """An image on a page: its object, its box in points, and the page as rendered at 72 dpi.

    Objects of a PDF last as long as the PDF.
    """

    pdf: pikepdf.Pdf
    image: pikepdf.Stream
    box: tuple[float, float, float, float]
    page: Image.Image

    @property
    def width_pt(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height_pt(self) -> float:
        return self.box[3] - self.box[1]

    def colour_at(self, point: tuple[float, float]) -> tuple[int, ...]:
        """Return the colour of the page at a point of the image, as shares of its sides."""
        left, bottom, right, top = self.box
        x = left + point[0] * (right - left)
        y = self.page.height - top + point[1] * (top - bottom)
        colour = self.page.getpixel((round(x), round(y)))
        assert isinstance(colour, tuple)
        return colour


def images_of(path: Path, *, within_forms: bool = False) -> list[Shown]:
    """Return the images of a PDF in the order of the pages, those of each from the top."""
    found: list[Shown] = []
    pdf = pikepdf.open(path)
    with pypdfium2.PdfDocument(path) as rendered:
        for index, page in enumerate(pdf.pages):
            images = [
                page.resources.XObject[str(operands[0])]
                for operands, operator in pikepdf.parse_content_stream(page, "Do")
            ]
            objects = rendered[index].get_objects(
                filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=15 if within_forms else 1
            )
            boxes = [item.get_bounds() for item in objects]
            picture = rendered[index].render(scale=1).to_pil().convert("RGB")
            images = [image for image in images if image.Subtype == "/Image"]
            assert within_forms or len(images) == len(boxes)
            # Images that are blocks are painted before those in lines.
            found += sorted(
                (Shown(pdf, i, b, picture) for i, b in zip(images, boxes, strict=False)),
                key=lambda item: -item.box[3],
            )
    return found


@dataclass(frozen=True)
class Built:
    """The built book: the run, and the folders of the book and of its files."""

    run: Run
    root: Path
    output: Path

    def pdf(self, edition: str) -> Path:
        return self.output / f"images-{edition}.pdf"

    @property
    def epub(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(self.output / "images.epub")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    root = tmp_path_factory.mktemp("images") / "book"
    write_book(root)
    output = root.parent / "out"
    run = makeready("build", "--book", root, "--output", output, "--cache", CACHE, "--json")
    yield Built(run, root, output)
    shutil.rmtree(root.parent)


@pytest.fixture(scope="module")
def shown(built: Built) -> dict[str, list[Shown]]:
    return {edition: images_of(built.pdf(edition)) for edition in ("black", "colour", "screen")}


@pytest.fixture(scope="module")
def kinds(shown: dict[str, list[Shown]]) -> Callable[[str, str], Shown]:
    def find(edition: str, name: str) -> Shown:
        return shown[edition][[*KINDS, *NAMES].index(name)]

    return find


def test_nothing_is_at_fault_but_what_is_told(built: Built) -> None:
    assert built.run.code == 0, built.run.out
    # A last page of one image has no lines of text.
    assert {finding[0] for finding in built.run.findings} <= {"LAY-007", "IMG-008", "IMG-012"}
    notes = json.loads(built.run.out)["findings"]
    told = {(f["id"], f["path"], f["line"]) for f in notes if f["id"].startswith("IMG")}
    lines = (built.root / "chapter-1.md").read_text("utf-8").splitlines()
    moving = {
        ("IMG-009", "chapter-1.md", number)
        for number, line in enumerate(lines, 1)
        if "moving" in line
    }
    assert len(moving) == 2
    misnamed = {
        ("IMG-008", "chapter-1.md", number)
        for number, line in enumerate(lines, 1)
        if any(f"/{name})" in line for name in MISNAMED)
    }
    assert len(misnamed) == len(MISNAMED)
    sizes = (built.root / "chapter-2.md").read_text("utf-8").splitlines()
    coarse = {
        ("IMG-012", "chapter-2.md", number)
        for number, line in enumerate(sizes, 1)
        if SIZES.get(line, 0) in (COLUMN_PT, None)
    } | {("IMG-012", "chapter-1.md", 1 + lines.index(shown_as("interlaced.png")))}
    assert len(coarse) == 5
    assert told == {*moving, *misnamed, *coarse, ("IMG-010", "images/drawing.svg", None)}


@pytest.mark.parametrize("edition", ["black", "colour", "screen"])
@pytest.mark.parametrize("name", KINDS)
def test_a_kind_becomes_the_right_ink(
    name: str, edition: str, kinds: Callable[[str, str], Shown]
) -> None:
    kind, shown = KINDS[name], kinds(edition, name)
    image = shown.image
    wanted = getattr(kind, edition)
    assert (str(image.ColorSpace), int(image.BitsPerComponent)) == wanted
    assert str(image.Filter) == kind.filter
    assert (int(image.Width), int(image.Height)) == kind.size
    assert (image.read_raw_bytes() == kind.content) == (edition in kind.unchanged_in)
    assert ("/SMask" in image) == (kind.has_mask and edition == "screen")
    assert bool(image.Interpolate) == (wanted != BILEVEL)
    assert (shown.width_pt, shown.height_pt) == pytest.approx((216, 144), abs=0.5)


@pytest.mark.parametrize("edition", ["black", "colour", "screen"])
@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_upright_and_of_the_right_colours(
    name: str, edition: str, kinds: Callable[[str, str], Shown]
) -> None:
    kind, shown = KINDS[name], kinds(edition, name)
    assert max(shown.colour_at(samples.BLACK)) < DARK
    assert min(shown.colour_at(samples.WHITE)) > LIGHT
    red, green, blue = shown.colour_at(samples.RED)
    if kind.has_red and edition != "black":
        assert red > green + DARK and red > blue + DARK
    else:
        assert max(red, green, blue) - min(red, green, blue) < 12
        assert red < 190


def test_black_ink_alone_and_bilevel_art_are_black(kinds: Callable[[str, str], Shown]) -> None:
    for edition in ("black", "screen"):
        for name in ("line-art.png", "black-palette.gif", "black-ink.jpg", "inks.jpg"):
            assert max(kinds(edition, name).colour_at(samples.BLACK)) < 60, (edition, name)


def test_sixteen_bits_keep_their_tones(kinds: Callable[[str, str], Shown]) -> None:
    for edition in ("black", "colour", "screen"):
        tones = [
            kinds(edition, name).colour_at(samples.RED)[0]
            for name in ("sixteen-bits.png", "grey.jpeg")
        ]
        assert abs(tones[0] - tones[1]) < 5


def test_a_profile_of_greys_is_heeded(kinds: Callable[[str, str], Shown]) -> None:
    for edition in ("black", "screen"):
        plain, linear = (
            kinds(edition, name).colour_at(samples.RED)[0]
            for name in ("grey.jpeg", "linear-grey.jpg")
        )
        assert linear > plain + 40


def test_inks_stay_within_the_printers_limit(built: Built) -> None:
    with pikepdf.open(built.pdf("colour")) as pdf:
        heaviest = 0
        for image in pdf.objects:
            if isinstance(image, pikepdf.Stream) and image.get("/ColorSpace") == "/DeviceCMYK":
                picture = pikepdf.PdfImage(image).as_pil_image()
                if image.Filter == JPEG and "/Decode" not in image:
                    # Pillow takes the inks of every JPEG to be inverted.
                    picture = samples.ImageChops.invert(picture)
                thumb = picture.resize((30, 20), Image.Resampling.BOX)
                heaviest = max(heaviest, *map(sum, thumb.get_flattened_data()))
    assert 2.2 * 255 < heaviest < 2.6 * 255


@pytest.mark.parametrize(
    ("edition", "text_in_colour"), [("black", "PRN-050"), ("colour", "PRN-032")]
)
def test_print_checks_find_only_what_is_true(
    edition: str, text_in_colour: str, built: Built
) -> None:
    run = makeready("check", built.pdf(edition), "--printer", "generic", "--ink", edition, "--json")
    found = {finding[0] for finding in run.findings}
    # A thin line in the drawing, images of few pixels, and words in a tint or in four inks.
    assert found == {"PRN-045", "PRN-046", "PRN-047", text_in_colour}


@pytest.mark.parametrize("edition", ["black", "colour"])
def test_print_has_its_inks_only(edition: str, built: Built) -> None:
    colours = re.compile(rb"/(?:DeviceRGB|CalRGB|Lab|ICCBased)\b")
    with pikepdf.open(built.pdf(edition)) as pdf:
        intents = {pdf.Root.OutputIntents[0].DestOutputProfile.objgen}
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                described = str(dict(item.stream_dict.items())).encode()
                is_content = item.objgen not in intents and item.get("/Subtype") != "/Image"
                content = item.read_bytes() if is_content else b""
            else:
                described, content = item.unparse(resolved=True), b""
            assert not colours.search(described), item.objgen
            assert not re.search(rb"[\d.]+ (?:rg|RG)\b|/DeviceRGB", content), item.objgen
    used = subprocess.run(
        ["gs", "-q", "-o", "-", "-sDEVICE=inkcov", built.pdf(edition)],
        capture_output=True,
        text=True,
        check=True,
    )
    shares = [[float(share) for share in line.split()[:4]] for line in used.stdout.splitlines()]
    has_colours = [any(share > 0.0001 for share in page[:3]) for page in shares]
    assert any(page[3] for page in shares)
    assert any(has_colours) == (edition == "colour")


@pytest.mark.parametrize("edition", ["black", "colour", "screen"])
def test_words_of_drawings_are_on_the_page(edition: str, built: Built) -> None:
    with pypdfium2.PdfDocument(built.pdf(edition)) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert text.count("Words") == 2
    assert text.count("Slanted") == text.count("Small") == 1


def test_names_with_special_characters_are_taken_everywhere(
    built: Built, kinds: Callable[[str, str], Shown]
) -> None:
    for edition in ("black", "colour", "screen"):
        for name in NAMES:
            assert max(kinds(edition, name).colour_at(samples.BLACK)) < DARK
    with built.epub as archive:
        names = [n for n in archive.namelist() if n.startswith("EPUB/images/")]
        text = archive.read("EPUB/text/chapter-1.xhtml").decode()
    assert len(names) == len(set(names)) == len(KINDS) + len(NAMES) + len(MISNAMED) + 3
    assert all(re.fullmatch(r"[a-z0-9/.-]+", name.removeprefix("EPUB/images/")) for name in names)
    sources = re.findall(r'<img src="\.\./images/([^"]+)"', text)
    assert len(sources) == len(KINDS) + len(NAMES) + len(MISNAMED) + 1
    assert {f"EPUB/images/{source}" for source in sources} < set(names)


@pytest.mark.parametrize("edition", ["black", "screen"])
def test_an_image_has_the_size_that_it_is_given(
    edition: str, shown: dict[str, list[Shown]]
) -> None:
    start = next(
        n for n, item in enumerate(shown[edition]) if item.width_pt == pytest.approx(72, abs=0.1)
    )
    found = shown[edition][start : start + len(SIZES)]
    for item, (form, width_pt) in zip(found, SIZES.items(), strict=True):
        ratio = 0.15 if "tall" in form else 1.5
        assert item.width_pt / item.height_pt == pytest.approx(ratio, rel=0.01), form
        assert item.width_pt <= COLUMN_PT + 0.1
        if width_pt is not None:
            assert item.width_pt == pytest.approx(width_pt, abs=0.3), form


def test_a_tall_image_is_no_higher_than_the_text(shown: dict[str, list[Shown]]) -> None:
    heights = [item.height_pt for item in shown["black"]]
    assert 480 < max(heights) < 520


def test_the_ebook_has_the_sizes_too(built: Built) -> None:
    with built.epub as archive:
        text = archive.read("EPUB/text/chapter-2.xhtml").decode()
    styles = re.findall(r'<img [^>]*style="([^"]*)"', text)
    assert styles == [
        "width:1in", "width:96px", "width:50%", "width:3cm", "width:5em", "width:1.5in",
        "width:15in", "width:1.5in", "width:20in", "width:50%;max-width:4.5cm", "width:40mm",
        "width:20in", "width:36pt", "width:200px", "width:1in", "width:2in", "width:25%",
        "width:3in",
    ]  # fmt: skip


def test_the_ebook_is_valid_and_its_images_are_upright_and_in_colours(built: Built) -> None:
    check = subprocess.run(
        ["java", "-jar", jar_path(), "--quiet", built.output / "images.epub"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr
    with built.epub as archive:
        for name, kind in KINDS.items():
            content = archive.read(f"EPUB/images/{name.lower()}")
            with Image.open(io.BytesIO(kind.content)) as picture:
                is_large = picture.width * picture.height > MOST_EBOOK_PIXELS
            is_changed = is_large or name.startswith("turned") or "ink" in name
            assert (content != kind.content) == is_changed, name
            with Image.open(io.BytesIO(content)) as picture:
                assert picture.mode != "CMYK"
                assert picture.width > picture.height
                grey = picture.convert("RGB").convert("L")
                x, y = picture.width // 5, picture.height // 5
                assert grey.getpixel((x, y)) < DARK, name
    with built.epub as archive:
        drawing = archive.read("EPUB/images/drawing.svg")
    assert b"DOCTYPE" not in drawing and b"image/jpg" not in drawing


@pytest.mark.long
def test_every_build_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    run = makeready(
        "build", "black", "colour", "--book", built.root, "--output", tmp_path / "out",
        "--cache", tmp_path / "cache", "--jobs", "1",
    )  # fmt: skip
    assert run.code == 0, run.out
    for edition in ("black", "colour"):
        again = (tmp_path / "out" / f"images-{edition}.pdf").read_bytes()
        assert again == built.pdf(edition).read_bytes()
