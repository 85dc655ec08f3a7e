"""The sizes that authors give images, as attributes of HTML or in braces."""

from __future__ import annotations

from io import BytesIO

import pytest
from generated_books import book_of, found
from PIL import Image

WIDE = (30, 20)


def picture(size: tuple[int, int] = WIDE) -> bytes:
    held = BytesIO()
    Image.new("L", size, 90).save(held, "PNG")
    return held.getvalue()


def drawing(attributes: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()


def size_of(
    source: str, **images: bytes
) -> tuple[dict[str, str], list[tuple[str, str, int | None]]]:
    files: dict[str, str | bytes] = {
        "images/a.png": picture(),
        "chapter-1.md": f"# T\n\n{source}\n",
    }
    files |= {f"images/{name.replace('_', '.')}": content for name, content in images.items()}
    with book_of(files) as (book, findings):
        assert book is not None
        image = next(book.section("chapter-1").tree.iter("img"))
        sizes = {str(k): str(v) for k, v in image.items() if k not in ("src", "alt", "data-line")}
        return sizes, found(findings)


@pytest.mark.parametrize(
    ("given", "width"),
    [
        ("300", "300px"),
        ("300px", "300px"),
        ("50%", "50%"),
        ("12.5%", "12.5%"),
        ("3cm", "3cm"),
        ("30mm", "30mm"),
        ("1.5in", "1.5in"),
        (".5in", "0.5in"),
        ("90pt", "90pt"),
        ("10em", "10em"),
        ("120%", "100%"),
    ],
)
def test_a_width_is_kept(given: str, width: str) -> None:
    wanted = ({"width": width}, [])
    assert size_of(f"![a](images/a.png){{width={given}}}") == wanted
    assert size_of(f'![a](images/a.png "Words"){{width="{given}"}}') == wanted
    assert size_of(f'A line <img src="images/a.png" alt="a" width="{given}"> of it.') == wanted
    assert size_of(f'<p><img src="images/a.png" alt="a" width="{given}"></p>') == wanted
    assert size_of(f"- item\n\n    ![a](images/a.png){{width={given}}}") == wanted
    assert size_of(f'| a |\n|---|\n| <img src="images/a.png" alt="a" width={given}> |') == wanted


@pytest.mark.parametrize(
    ("given", "sizes"),
    [
        ("height=3cm", {"width": "4.5cm"}),
        ("height=2em", {"width": "3em"}),
        ("height=50%", {"height": "50%"}),
        ("width=300 height=200", {"width": "300px"}),
        ("width=300 height=100", {"width": "150px"}),
        ("width=1in height=300", {"width": "1in"}),
        ("width=10in height=1in", {"width": "1.5in"}),
        ("width=50% height=3cm", {"width": "50%", "max-width": "4.5cm"}),
        ("width=50% height=50%", {"width": "50%"}),
        ("width=5em height=3cm", {"width": "5em", "height": "3cm"}),
        ("width=auto height=auto", {}),
    ],
)
def test_an_image_keeps_its_proportions(given: str, sizes: dict[str, str]) -> None:
    assert size_of(f"![a](images/a.png){{{given}}}") == (sizes, [])


@pytest.mark.parametrize(
    ("attributes", "width"),
    [
        ('width="200" height="100"', "6cm"),
        ('viewBox="0 0 40 10"', "12cm"),
        ('width="100%" height="100%" viewBox="-5,-5 30,10"', "9cm"),
        ('width="2in" height="25.4mm"', "6cm"),
    ],
)
def test_a_drawing_keeps_its_proportions(attributes: str, width: str) -> None:
    sizes = size_of("![a](images/b.svg){height=3cm}", a_png=picture(), b_svg=drawing(attributes))
    assert sizes[0] == {"width": width}


def test_a_turned_photograph_keeps_its_proportions() -> None:
    held, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("L", WIDE).save(held, "JPEG", exif=exif)
    sizes = size_of("![a](images/b.jpg){height=3cm}", b_jpg=held.getvalue())
    assert sizes[0] == {"width": "2cm"}


@pytest.mark.parametrize(
    "given", ["wide", "0", "-3cm", "3 apples", "0.5\\textwidth", "1e3", "50%%", "3vw", "px"]
)
@pytest.mark.parametrize("side", ["width", "height"])
def test_what_is_no_size_is_reported_and_left_out(side: str, given: str) -> None:
    source = f'Text.\n\nA line\n<img src="images/a.png" alt="a" {side}="{given}"> here.'
    assert size_of(source) == ({}, [("IMG-011", "chapter-1.md", 6)])


@pytest.mark.parametrize(
    ("style", "sizes", "rules"),
    [
        ("width: 50%", {"width": "50%"}, []),
        ("width:300px; height:auto; max-width:100%;", {"width": "300px"}, []),
        ("zoom:50%", {}, ["MAN-016"]),
        ("float: left; color: red; width: 3cm", {"width": "3cm"}, ["MAN-016"]),
        ("width: wide", {}, ["IMG-011"]),
        ("background: url(http://a.b/c)", {}, ["MAN-016"]),
    ],
)
def test_a_style_gives_a_size_only(style: str, sizes: dict[str, str], rules: list[str]) -> None:
    got, reported = size_of(f'<img src="images/a.png" alt="a" style="{style}">')
    assert (got, [rule for rule, _, _ in reported]) == (sizes, rules)


def test_attributes_of_other_tools_say_nothing() -> None:
    source = (
        '<p align="center"><img src="images/a.png" alt="a" loading="lazy" border="0"></p>\n\n'
        'See <a href="https://a.b" target="_blank" rel="noopener">x</a> and <a name="old"></a> '
        "[here](#old).\n"
    )
    with book_of({"images/a.png": picture(), "chapter-1.md": f"# T\n\n{source}"}) as (book, report):
        assert book is not None
        assert found(report) == []
        tree = book.section("chapter-1").tree
        assert [p.get("class") for p in tree.iter("p")] == ["align-center", None]
        assert next(tree.iter("a")).attrib.keys() == ["href"]
