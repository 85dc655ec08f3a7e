"""How much ink lies one over the other, measured on the pages as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pikepdf
from PIL import Image, ImageFilter, ImageMath

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, Use
from makeready.checks.reading.document import box_size_pt, in_words
from makeready.errors import EngineError, MissingToolError
from makeready.external.ghostscript import render_inks
from makeready.findings import Findings, SourceLocation
from makeready.printers.tables import PT_PER_INCH

Tell = Callable[[str], None]
"""Told what is being done, which gives it the time of a step anew."""


def tell_nobody(_: str) -> None:
    """Keep to oneself what is being done."""


_DPI = 72
_LONGEST_SIDE = 4000
"""Pixels; a larger page is rendered coarser."""
_AT_A_TIME = 40
_SECONDS = 120.0
_SQUARE = 3
"""Pixels of a square that is over the limit as a whole, about a millimetre wide: what is
smaller, an edge or a line where two inks meet, dries."""
_ROUNDED_PERCENT = 1.0
_FULL = 255


def check_total_ink(
    path: Path,
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    *,
    tell: Tell = tell_nobody,
) -> None:
    """Find the pages with more ink on a spot than the paper takes, in percent of all four inks.

    Only pages with an ink besides black are rendered. What is of screens' colours is counted as
    the least ink that it can become, for how a printer turns it to ink is not known.
    """
    location, rules = SourceLocation(path.name), requirements.profile.rules.colour
    limit = rules.total_ink_percent if rules else None
    inked = sorted({n for use, pages in colours.items() if _is_of_inks(use) for n in pages})
    if limit is None or not inked:
        return
    over: dict[int, float] = {}
    try:
        for number, percent in _measured(path, pdf, inked, tell):
            if percent > limit + _ROUNDED_PERCENT:
                over[number] = percent
    except (MissingToolError, EngineError) as error:
        hint = error.hint or "Save the file again with another program."
        findings.add("PRN-018", location, pages=in_words(inked), reason=error.message, hint=hint)
    if over:
        findings.add(
            "PRN-017",
            location,
            pages=in_words(over),
            percent=round(max(over.values())),
            limit=limit,
            printer=requirements.printer,
        )


def _is_of_inks(use: ColourUse) -> bool:
    return use.use is Use.SPOT or use.space == "DeviceCMYK"


def _measured(
    path: Path, pdf: pikepdf.Pdf, numbers: Sequence[int], tell: Tell
) -> Iterator[tuple[int, float]]:
    """Yield the pages with the most ink that lies on a square of each."""
    waiting: Iterable[int] = iter(numbers)
    while batch := list(islice(waiting, _AT_A_TIME)):
        tell(f"{path.name}, {in_words(batch)}")
        longest = max(max(box_size_pt(pdf.pages[number - 1], "media")) for number in batch)
        dpi = min(_DPI, _LONGEST_SIDE * PT_PER_INCH / max(longest, 1))
        pages = render_inks(path, batch, dpi, _SECONDS)
        for number, page in zip(batch, pages, strict=False):
            yield number, _most_percent(page)


def _most_percent(page: Image.Image) -> float:
    """Return the most ink that lies on every pixel of some square, in percent."""
    names = zip("cmyk", page.split(), strict=True)
    channels = {name: channel.convert("I") for name, channel in names}
    total = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **channels)
    _, most = total.filter(ImageFilter.MinFilter(_SQUARE)).getextrema()
    return float(most) * 100 / _FULL
