"""Check of the total ink coverage, measured on the rendered pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pikepdf
from PIL import Image, ImageFilter, ImageMath

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, UseKind
from makeready.checks.reading.document import box_size_pt, pages_text
from makeready.errors import EngineError, MissingToolError
from makeready.external.ghostscript import render_inks
from makeready.findings import Findings, SourceLocation
from makeready.printers.tables import PT_PER_INCH

ProgressCallback = Callable[[str], None]
"""A callback for the current step, which restarts the step's time limit."""


def ignore_progress(_: str) -> None:
    """Ignore the current step."""


_DPI = 72
_LONGEST_SIDE_PIXELS = 4000
"""A larger page is rendered at a lower resolution."""
_PAGES_AT_A_TIME = 40
_SECONDS = 120.0
_SQUARE_PIXELS = 3
"""The side of the smallest square, about a millimetre, that counts if all of it is over the
limit: less ink than that, such as a line where two colours meet, dries."""
_TOLERANCE_PERCENT = 1.0
_FULL = 255


def check_total_ink(
    path: Path,
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    *,
    on_progress: ProgressCallback = ignore_progress,
) -> None:
    """Report the pages whose total ink coverage is over the printer's limit.

    Only pages with another ink than black are rendered. Screen colours count as the least ink
    they can become, since it is unknown how a printer converts them.
    """
    location, rules = SourceLocation(path.name), requirements.profile.rules.colour
    limit = rules.total_ink_percent if rules else None
    ink_pages = sorted({n for use, pages in colours.items() if _has_inks(use) for n in pages})
    if limit is None or not ink_pages:
        return
    over_limit: dict[int, float] = {}
    try:
        for number, percent in _measured_percent(path, pdf, ink_pages, on_progress):
            if percent > limit + _TOLERANCE_PERCENT:
                over_limit[number] = percent
    except (MissingToolError, EngineError) as error:
        hint = error.hint or "Save the file again with another program."
        findings.add(
            "PRN-018", location, pages=pages_text(ink_pages), reason=error.message, hint=hint
        )
    if over_limit:
        findings.add(
            "PRN-017",
            location,
            pages=pages_text(over_limit),
            percent=round(max(over_limit.values())),
            limit=limit,
            printer=requirements.printer,
        )


def _has_inks(use: ColourUse) -> bool:
    return use.kind is UseKind.SPOT or use.space == "DeviceCMYK"


def _measured_percent(
    path: Path, pdf: pikepdf.Pdf, numbers: Sequence[int], on_progress: ProgressCallback
) -> Iterator[tuple[int, float]]:
    """Yield pages with their total ink coverage in percent."""
    remaining: Iterable[int] = iter(numbers)
    while batch := list(islice(remaining, _PAGES_AT_A_TIME)):
        on_progress(f"{path.name}, {pages_text(batch)}")
        longest = max(max(box_size_pt(pdf.pages[number - 1], "media")) for number in batch)
        dpi = min(_DPI, _LONGEST_SIDE_PIXELS * PT_PER_INCH / max(longest, 1))
        pages = render_inks(path, batch, dpi, _SECONDS)
        for number, page in zip(batch, pages, strict=False):
            yield number, _most_percent(page)


def _most_percent(page: Image.Image) -> float:
    """Return the total ink coverage of the square with the most, in percent."""
    names = zip("cmyk", page.split(), strict=True)
    channels = {name: channel.convert("I") for name, channel in names}
    total = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **channels)
    _, most = total.filter(ImageFilter.MinFilter(_SQUARE_PIXELS)).getextrema()
    return float(most) * 100 / _FULL
