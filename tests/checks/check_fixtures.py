"""One clean PDF of each sort, made small, to be broken in one place."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from check_samples import Break, breaker
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_PAGES = """<html lang="en"><head><title>Printed</title><style>
@font-face {{ font-family: Letters; src: url({font}) }}
@page {{ size: 360pt 576pt; margin: 54pt }}
:root {{ color: device-cmyk(0 0 0 1); font-family: Letters }}
h1 {{ font-weight: 400; bookmark-level: {level}; break-before: page }}
</style></head><body><h1>Printed</h1><h1>Printed</h1></body></html>"""


@pytest.fixture(scope="session")
def font_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static TrueType font of seven letters."""
    spec = find_spec("fontpkg_fira_code")
    assert spec is not None and spec.submodule_search_locations
    source = Path(next(iter(spec.submodule_search_locations))) / "files" / "FiraCode[wght].ttf"
    font = TTFont(source)
    subsetter = Subsetter(Options(layout_features=[]))
    subsetter.populate(text="Printed")
    subsetter.subset(font)
    target = tmp_path_factory.mktemp("font") / "letters.ttf"
    instantiateVariableFont(font, {"wght": 400}).save(target)
    return target


@pytest.fixture(scope="session")
def interior(font_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A print interior of two pages."""
    target = tmp_path_factory.mktemp("interior") / "book.pdf"
    html = _PAGES.format(font=font_path.as_uri(), level="none")
    weasyprint.HTML(string=html).write_pdf(target)
    return target


@pytest.fixture(scope="session")
def screen(font_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tagged screen PDF of two pages."""
    target = tmp_path_factory.mktemp("screen") / "book.pdf"
    html = _PAGES.format(font=font_path.as_uri(), level="1")
    buffer = io.BytesIO()
    weasyprint.HTML(string=html).write_pdf(buffer, pdf_variant="pdf/ua-1")
    with pikepdf.open(buffer) as pdf:
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.D)])
        pdf.save(target)
    return target


@pytest.fixture
def broken_interior(interior: Path, tmp_path: Path) -> Break:
    return breaker(interior, tmp_path)


@pytest.fixture
def broken_screen(screen: Path, tmp_path: Path) -> Break:
    return breaker(screen, tmp_path)
