"""What the checks' tests make their files of: editions, an EPUB, images, a way to break a PDF."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
from PIL import Image

from makeready.book.model import Edition, EditionKind
from makeready.checks.print.full_interior import check_interior_pages
from makeready.checks.print.requirements import PrintRequirements, requirements_of
from makeready.findings import Findings
from makeready.printers.print_job import print_job
from makeready.printers.profile import read_profile

INTERIOR = requirements_of(print_job(Edition("paperback", EditionKind.PRINT, pdf_x="none")))
SCREEN = Edition("screen", EditionKind.SCREEN)


def paint(pdf: pikepdf.Pdf, operators: bytes, **resources: pikepdf.Dictionary) -> None:
    """Add operators to the second page, with the resources they name."""
    page = pdf.pages[1]
    for kind, entries in resources.items():
        own = page.resources.get(f"/{kind}", pikepdf.Dictionary())
        for name, value in entries.items():
            own[name] = value
        page.resources[f"/{kind}"] = own
    # The engine leaves the page turned upside down.
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q q " + operators + b" Q")


def stream(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    """Make a stream with some entries."""
    made = pdf.make_stream(content)
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


Change = Callable[[pikepdf.Pdf], None]


def painting(operators: bytes) -> Change:
    """Return what adds operators to the second page."""
    return lambda pdf: paint(pdf, operators)


def word(left: float, bottom: float, size: float = 10, before: bytes = b"") -> Change:
    """Set the letters that the page begins with once more, somewhere."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[1]
        (font,) = page.resources.Font.keys()
        shown = next(
            pikepdf.unparse_content_stream([one])
            for one in pikepdf.parse_content_stream(page)
            if str(one.operator) in {"Tj", "TJ"}
        )
        section_job = f"BT {font} {size} Tf 1 0 0 1 {left} {bottom} Tm "
        paint(pdf, before + section_job.encode() + shown + b" ET")

    return change


def fill_up(pdf: pikepdf.Pdf, count: int) -> None:
    """Add blank pages up to a count."""
    while len(pdf.pages) < count:
        pdf.add_blank_page(page_size=(360, 576))


def printer(name: str, **change: object) -> PrintRequirements:
    """A printer's demands, who binds as few as two pages."""
    profile = read_profile(name)
    pages = tuple(replace(row, minimum=2) for row in profile.rules.pages)
    rules = replace(profile.rules, pages=pages, **change)
    return replace(INTERIOR, profile=replace(profile, rules=rules))


def proved(path: Path, requirements: PrintRequirements) -> list[str]:
    """Check an interior whole, and return each finding's id and message."""
    findings = Findings()
    check_interior_pages(path, requirements, findings)
    assert {str(finding.location) for finding in findings} <= {path.name}
    return [f"{finding.id} {finding.message}" for finding in findings]


Break = Callable[[Callable[[pikepdf.Pdf], None]], Path]


def breaker(clean: Path, tmp_path: Path) -> Break:
    """Return what saves a copy of a PDF, changed in one place."""

    def run(change: Callable[[pikepdf.Pdf], None]) -> Path:
        target = tmp_path / clean.name
        with pikepdf.open(clean) as pdf:
            change(pdf)
            pdf.save(target)
        return target

    return run


def jpeg(width: int, height: int, mode: str = "RGB") -> bytes:
    """Return a JPEG of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


_CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
_PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:isbn:9783161484100</dc:identifier>
<dc:title>Small</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">All of it can be read aloud.</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="figure" href="figure.jpg" media-type="image/jpeg"/>
</manifest>
<spine><itemref idref="nav"/></spine></package>"""
_NAV = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en"
xml:lang="en"><head><title>Small</title></head><body><nav epub:type="toc"><ol>
<li><a href="nav.xhtml#here">Here</a></li></ol></nav>
<p id="here"><img src="figure.jpg" alt="a figure"/>
<img src="cover.jpg" alt="Small"/></p></body></html>"""


_NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head>
<meta name="dtb:uid" content="urn:isbn:9783161484100"/></head>
<docTitle><text>Small</text></docTitle>
<navMap><navPoint id="a" playOrder="1"><navLabel><text>Here</text></navLabel>
<content src="nav.xhtml#here"/></navPoint></navMap></ncx>"""
_XHTML_1_1 = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>Small</title></head>
<body><p id="here"><img src="figure.jpg" alt="a figure"/>
<img src="cover.jpg" alt="Small"/></p></body></html>"""


def small_epub() -> dict[str, bytes]:
    """Return the files of a clean EPUB, in their order."""
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": _CONTAINER.encode(),
        "EPUB/package.opf": _PACKAGE.encode(),
        "EPUB/nav.xhtml": _NAV.encode(),
        "EPUB/cover.jpg": jpeg(1600, 2560),
        "EPUB/figure.jpg": jpeg(300, 200),
    }


def epub_2(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a small EPUB as one of EPUB 2: an NCX, a guide, no navigation."""
    package = files["EPUB/package.opf"].decode().replace('version="3.0"', 'version="2.0"')
    package = re.sub(r"<meta property=[^\n]*\n", "", package)
    package = package.replace(' properties="nav"', "").replace(' properties="cover-image"', "")
    package = package.replace("<spine>", '<spine toc="ncx">').replace(
        "</manifest>",
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>',
    )
    package = package.replace("</metadata>", '<meta name="cover" content="cover"/></metadata>')
    return {
        **files,
        "EPUB/package.opf": package.encode(),
        "EPUB/toc.ncx": _NCX.encode(),
        "EPUB/nav.xhtml": _XHTML_1_1.encode(),
    }


def pack(
    files: dict[str, bytes], target: Path, *, compress_mimetype: bool = False, extra: bytes = b""
) -> Path:
    """Write files as an EPUB, ``mimetype`` stored unless told otherwise."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            stored = name == "mimetype" and not compress_mimetype
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.extra = extra if name == "mimetype" else b""
            archive.writestr(entry, content)
    return target
