"""A truncated image is refused whether or not WeasyPrint, which allows it, is imported."""

from __future__ import annotations

import io

import pytest
import weasyprint
from PIL import Image, ImageFile

from makeready.manuscript.images import _inspect_raster


@pytest.mark.parametrize("lenient", [True, False])
def test_a_truncated_image_is_refused(lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weasyprint.__version__
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    out = io.BytesIO()
    Image.effect_noise((40, 30), 90).save(out, "PNG")
    whole = out.getvalue()
    assert (_inspect_raster(whole).format, _inspect_raster(whole).problem) == ("PNG", "")
    damaged = _inspect_raster(whole[: len(whole) // 2])
    assert (damaged.format, damaged.problem.startswith("it is damaged")) == ("", True)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient
