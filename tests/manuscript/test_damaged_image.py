"""A cut-off image is refused whether or not the engine is loaded, which accepts it."""

from __future__ import annotations

import io

import pytest
import weasyprint
from PIL import Image, ImageFile

from makeready.manuscript.images import _raster_kind


@pytest.mark.parametrize("lenient", [True, False])
def test_a_cut_off_image(lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weasyprint.__version__
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    out = io.BytesIO()
    Image.effect_noise((40, 30), 90).save(out, "PNG")
    whole = out.getvalue()
    assert _raster_kind(whole) == ("PNG", "")
    kind, problem = _raster_kind(whole[: len(whole) // 2])
    assert (kind, problem.startswith("it is damaged")) == ("", True)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient
