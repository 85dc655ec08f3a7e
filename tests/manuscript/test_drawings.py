"""SVG images: which are taken, which are refused and why, and what is left out of them."""

from __future__ import annotations

from base64 import encodebytes, standard_b64encode
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image

from makeready.manuscript.images import _inspect
from makeready.manuscript.svg import DrawingError, cleaned, inspect, is_svg

LONGEST_MESSAGE = 200
OPENING = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
DOCTYPE = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
)


def raster(form: str, size: int = 3) -> bytes:
    held = BytesIO()
    Image.new("RGB", (size, size), "red").save(held, form)
    return held.getvalue()


def drawing(content: str = "", attributes: str = "", prolog: str = "") -> bytes:
    return f"{prolog}{OPENING} {attributes}>{content}</svg>".encode()


def embedded(content: bytes, head: str = "data:image/png;base64,") -> bytes:
    code = standard_b64encode(content).decode()
    return drawing(f'<image width="9" height="9" xlink:href="{head}{code}"/>')


TAKEN = {
    "standard document type": drawing(prolog=f'<?xml version="1.0"?>\n{DOCTYPE}\n'),
    "document type of SVG 1.0": drawing(
        prolog='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" '
        '"http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">'
    ),
    "document type without a name of its own": drawing(prolog="<!DOCTYPE svg>"),
    "instruction of an editor": drawing("<?xpacket begin=''?>", prolog="<?dia version='1'?>"),
    "long comment first": drawing(prolog=f"<!-- {'word ' * 2000} -->"),
    "quoted reference inside": drawing('<rect style="fill:url(&quot;#a&quot;)"/>'),
    "reference inside": drawing("<rect fill=\"url('#a')\"/><rect fill='url( #a )'/>"),
    "embedded PNG": embedded(raster("PNG")),
    "embedded JPEG": embedded(raster("JPEG"), "data:image/jpeg;base64,"),
    "embedded JPEG under a wrong name": embedded(raster("JPEG"), "data:image/jpg;base64,"),
    "broken lines of base64": drawing(
        '<image href="data:image/png;base64,\n'
        + encodebytes(raster("PNG", 90)).decode().replace("\n", "&#10;")
        + '"/>'
    ),
    "link to a page": drawing('<a xlink:href="https://example.org/"><text>a</text></a>'),
    "view box with commas": drawing(attributes='viewBox=" 0,0 , 20.5 1e2 "'),
    "view box without spaces": drawing(attributes='viewBox="0-5 20 10"'),
    "sizes": drawing(attributes='width="8.5in" height="100%"'),
    "text for programs that show no foreign objects": drawing(
        "<switch><foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject>"
        "<text>a</text></switch>"
    ),
    "data of an editor": drawing(
        "<metadata><x:a xmlns:x='x' onload='b()'>words</x:a></metadata>"
        "<x:script xmlns:x='x'>words</x:script>"
    ),
    "empty flowed text": drawing("<flowRoot><flowRegion/><flowPara/></flowRoot>"),
    "font of a web page": drawing(
        "<style>@font-face { font-family: A; src: url(https://example.org/a.woff2) }</style>"
    ),
    "cursor": drawing('<g style="cursor: url(hand.cur), auto"/>'),
    "empty size": drawing(attributes='width="" viewBox=""'),
}
REFUSED = {
    "entity": (
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<text>&a;</text>"),
        "declares entities",
    ),
    "entity with a public name": (
        DOCTYPE[:-1].encode() + b'[<!ENTITY % a SYSTEM "x">]>' + drawing(),
        "declares entities",
    ),
    "undeclared entity": (DOCTYPE.encode() + drawing("<text>a&nbsp;b</text>"), "uses &nbsp;"),
    "stylesheet": (
        drawing(prolog='<?xml-stylesheet href="http://example.org/x.css"?>'),
        "names a stylesheet",
    ),
    "import after an element": (
        drawing("<style><a/>@import url(http://example.org/y.css);</style>"),
        "has a style that refers to another file: “@import”",
    ),
    "import spelled otherwise": (
        drawing(r"<style>@\69mport 'http://example.org/y.css';</style>"),
        "has a style that refers to another file: “@import”",
    ),
    "import between comments": (
        drawing("<style><!-- a -->@import 'y.css';<!-- b --></style>"),
        "has a style that refers to another file: “@import”",
    ),
    "address in a style": (
        drawing("<style>@media all { a { fill: url(http://a.b/c#d) } }</style>"),
        "has a style that refers to another file: “http://a.b/c#d”",
    ),
    "quoted address in a style": (
        drawing("<style>a { fill: url('http://a.b/c#d') }</style>"),
        "has a style that refers to another file: “http://a.b/c#d”",
    ),
    "address spelled otherwise": (
        drawing(r'<g fill="u\72l(http://a.b/c)"/>'),
        "has a style that refers to another file: “http://a.b/c”",
    ),
    "address in a style attribute": (
        drawing(r'<g style="fill: \75 rl(//a.b/c)"/>'),
        "has a style that refers to another file: “//a.b/c”",
    ),
    "address of an image set": (
        drawing("<g style=\"mask: image-set('a.png' 1x)\"/>"),
        "has a style that refers to another file: “image-set()”",
    ),
    "address in a variable": (
        drawing('<g style="--a: url(b.png)"/>'),
        "has a style that refers to another file: “b.png”",
    ),
    "script": (drawing("<script/>"), "has a <script> element"),
    "script of another prefix": (
        drawing("<s:script xmlns:s='http://www.w3.org/2000/svg'/>"),
        "has a <script> element",
    ),
    "foreign object alone": (drawing("<switch><foreignObject/></switch>"), "has a <foreign"),
    "program": (drawing(attributes='onload="a()"'), "has the attribute “onload”"),
    "link to a program": (drawing('<a href="javascript:a()"/>'), "refers to “javascript:a()”"),
    "flowed text": (
        drawing("<flowRoot><flowPara>words</flowPara></flowRoot>"),
        "has text in a <flowRoot>, which is no element of SVG",
    ),
    "reference in a loop": (
        drawing('<g id="a"><use href="#a"/></g>'),
        "draws more than 20000 elements",
    ),
    "view box of letters": (drawing(attributes='viewBox="a b c"'), "has a viewBox that is not"),
    "view box of three": (drawing(attributes='viewBox="0 0 9"'), "has a viewBox that is not"),
    "nested view box": (drawing('<symbol viewBox="0 0 a 9"/>'), "has a viewBox that is not"),
    "size": (drawing(attributes='width="wide px"'), "has a width that is no length"),
    "damaged embedded image": (embedded(raster("PNG", 90)[:-60]), "embeds an image"),
    "embedded drawing": (embedded(drawing(), "data:image/svg+xml;base64,"), "embeds an image"),
    "embedded text": (embedded(b"abc", "data:text/plain;base64,"), "embeds an image"),
    "wrong base64": (
        drawing('<image xlink:href="data:image/png;base64,%%%"/>'),
        "refers to “data:",
    ),
    "long address": (drawing(f'<image href="http://a.b/{"c" * 900}"/>'), "refers to “http://a.b/"),
    "address of a file": (drawing('<use href="file:///etc/passwd#a"/>'), "refers to “file:"),
    "long attribute": (drawing(f'<g on{"x" * 900}="a()"/>'), "has the attribute"),
    "long element": (drawing(f"<g><{'x' * 900}></g>"), "is not well-formed XML"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_drawing_is_taken(name: str) -> None:
    assert is_svg(TAKEN[name])
    content = _inspect(TAKEN[name])
    assert (content.format, content.problem) == ("SVG", "")


@pytest.mark.parametrize("name", REFUSED)
def test_a_drawing_is_refused(name: str) -> None:
    raw, problem = REFUSED[name]
    content = _inspect(raw)
    assert content.format == "SVG"
    assert content.problem.startswith(problem)
    assert len(content.problem) <= LONGEST_MESSAGE - len("The drawing “images/drawing.svg” .")


def test_a_drawing_in_the_right_form_stays_the_same() -> None:
    for name in ("reference inside", "embedded PNG", "link to a page", "sizes"):
        plain = TAKEN[name].replace(b"'#a'", b"#a")
        assert cleaned(plain) is plain


def test_references_lose_quotation_marks() -> None:
    quoted = drawing('<rect fill="url(\'#a\')" style="stroke: url( &quot;#b&quot; )"/>')
    assert b'fill="url(#a)" style="stroke: url(#b)"' in cleaned(quoted)


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_embedded_images_get_their_type(form: str, media_type: str) -> None:
    content = raster(form)
    right = embedded(content, f"data:{media_type};base64,")
    for head in (
        "data:image/jpg;base64,",
        "data:;base64,",
        "data:image/x-a;charset=utf-8;base64,\n",
    ):
        wrong = embedded(content, head.replace("\n", "&#10;"))
        assert right.split(b"data:")[1] in cleaned(wrong)


def test_the_prolog_is_left_out() -> None:
    full = drawing('<?a b?><g>x<?c d?>y</g><rect id="a"/>', prolog=f"<?e f?>{DOCTYPE}<!-- g -->")
    rest = cleaned(full)
    assert b"DOCTYPE" not in rest and b"<?a" not in rest and b"<?c" not in rest
    assert b"<?e" not in rest and b"<g>xy</g><rect" in rest


LEFT_OUT = {
    "elements of other namespaces": (
        '<g>a<x:b xmlns:x="x">c</x:b>d</g><script xmlns="">e</script>',
        "<g>ad</g>",
    ),
    "attributes of other namespaces": (
        '<g xmlns:x="x" x:href="http://a.b/" x:onload="c()" id="d"/>',
        '<g xmlns:x="x" id="d"/>',
    ),
    "bases of addresses": (
        '<use xml:base="http://a.b/" xml:space="preserve" xlink:href="#a"/>',
        '<use xml:space="preserve" xlink:href="#a"/>',
    ),
    "addresses of elements that have none": ('<g href="http://a.b/c" id="d"/>', '<g id="d"/>'),
    "unknown attributes": ('<g data-a="b" id="d" tabindex="0"/>', '<g id="d"/>'),
    "unknown properties": (
        '<g style="-x-y:1;fill:red;behavior:url(a)"/><g style="-x-y:1"/>',
        '<g style="fill: red"/><g/>',
    ),
    "unknown functions": (
        '<g fill="x(1)" style="fill: x(1); stroke: rgb(0 0 0)" transform="rotate(9)"/>',
        '<g style="stroke: rgb(0 0 0)" transform="rotate(9)"/>',
    ),
    "rules that load fonts": (
        "<style>@font-face { src: url(a) } @keyframes b { to { r: 1 } } c { zz: e; r: 1 }</style>",
        "<style>c { r: 1 }</style>",
    ),
    "rules without a selector": (
        "<style>a;@import 'b'; c { r: 1 } d url(e) { r: 2 } f { r: 3 }</style>",
        "<style>f { r: 3 }</style>",
    ),
    "names of font sizes": (
        '<g font-size="Medium" style="r:1;font-size:larger"/><g style="font-size: 9px"/>',
        '<g font-size="16px" style="r: 1; font-size: 1.2em"/><g style="font-size: 9px"/>',
    ),
    "calculated font sizes": (
        '<g font-size="calc(1px + 1em)" style="r:1;font-size:var(--a)"/>',
        '<g style="r: 1"/>',
    ),
    "elements in styles": (
        "<style>a { r: 1 }<g>b { r: 2 }</g> c { r: 3 }</style>",
        "<style>a { r: 1 }\nc { r: 3 }</style>",
    ),
    "styles of other languages": (
        '<style type="text/less">@a: 1;</style>',
        '<style type="text/less"/>',
    ),
    "animations": (
        '<a href="#b"><set attributeName="href" to="javascript:c()"/>d</a>',
        '<a href="#b">d</a>',
    ),
    "other choices": (
        '<switch>a<g requiredExtensions="b">c</g><g systemLanguage="de">d</g><g>e</g></switch>',
        "<switch>a<g>e</g></switch>",
    ),
    "data of editors": ("<metadata>a</metadata><view>b</view><?c d?>", ""),
}
"""What is left out of drawings: their content, and what stays of it."""


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_not_allowed_is_left_out(name: str) -> None:
    content, rest = LEFT_OUT[name]
    clean = cleaned(drawing(content))
    assert etree.canonicalize(clean.decode().partition("?>")[2]) == etree.canonicalize(
        drawing(rest).decode()
    )
    assert cleaned(clean) is clean


@pytest.mark.parametrize(
    ("font", "longhands"),
    [
        (
            "10px 'A B', serif",
            'font-style: normal; font-weight: normal; font-size: 10px; font-family: "A B", serif',
        ),
        (
            "Italic BOLD small-caps 80% / calc(1em + 2px) A,B",
            "font-style: italic; font-weight: bold; font-variant: small-caps; font-size: 80%; "
            "font-family: A,B",
        ),
        (
            "condensed 300 2em/2 A !important",
            "font-style: normal !important; font-weight: 300 !important; "
            "font-stretch: condensed !important; font-size: 2em !important; "
            "font-family: A !important",
        ),
        (
            "bold LARGE A",
            "font-style: normal; font-weight: bold; font-size: 18px; font-family: A",
        ),
        ("caption", "font: caption"),
        ("odd 9px A", "font: odd 9px A"),
        ("9px", "font: 9px"),
    ],
)
def test_fonts_are_written_as_properties_that_the_engine_reads(font: str, longhands: str) -> None:
    by_attribute = etree.fromstring(cleaned(drawing(f'<g style="font: {font}"/>')))
    assert by_attribute[0].get("style") == longhands
    by_rule = etree.fromstring(cleaned(drawing(f"<style>a {{ font: {font} }}</style>")))
    assert by_rule[0].text == f"a {{ {longhands} }}"


def test_a_drawing_is_packed_in_utf_8() -> None:
    content = drawing('<text id="é">é</text>', prolog='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert "é</text>".encode() in cleaned(content.decode().encode("latin-1"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_drawing_cannot_be_packed(name: str) -> None:
    raw, problem = REFUSED[name]
    if problem != "embeds an image" or b"text/plain" in raw:
        with pytest.raises(DrawingError):
            cleaned(raw)


@pytest.mark.parametrize(
    "content",
    [
        f"<style>{'a(' * 5000} {{ r: 1 }}</style>",
        f"<style>a {{ r: {'calc(' * 5000}1 }}</style>",
        f"<style>a {{ font-size: {'(' * 5000}1 }} b {{ font: {'(' * 5000}1px A }}</style>",
        f'<g style="r: {"(" * 50_000}"/>',
        f'<g r="{"[" * 50_000}("/>',
        f"<style>{'@media all {' * 5000}</style>",
    ],
)
def test_styles_nested_deeply_are_left_out(content: str) -> None:
    assert len(cleaned(drawing(content))) < 1000


def test_a_moving_drawing_is_told() -> None:
    assert inspect(drawing('<rect><animate attributeName="x"/></rect>'), lambda _: "").moves
    assert not inspect(drawing("<rect/>"), lambda _: "").moves


@pytest.mark.parametrize(
    ("content", "families"),
    [
        ("<text>a</text>", []),
        ('<text font-family="serif">a</text>', []),
        ('<text font-family="Times,serif">a</text>', [("Times",)]),
        ('<text font-family="\'Open Sans\', Arial, sans-serif">a</text>', [("Open Sans", "Arial")]),
        ('<text style="font-family:Georgia;fill:red">a</text>', [("Georgia",)]),
        ('<text style="font: bold 12px/1.2 &quot;Gill&quot;, serif">a</text>', [("Gill",)]),
        ("<style>a{font-family:B} c{font:9pt D}</style><text>a</text>", [("B",), ("D",)]),
        ('<g font-family="A"><text>a</text><text font-family="A">b</text></g>', [("A",)]),
        ('<g font-family="Times"><rect/></g>', []),
        ('<text style="font-size:12px;font-weight:bold">a</text>', []),
    ],
)  # fmt: skip
def test_the_fonts_that_a_drawing_names(content: str, families: list[tuple[str, ...]]) -> None:
    assert list(inspect(drawing(content), lambda _: "").families) == families
