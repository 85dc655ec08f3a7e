"""What a printer refuses is told all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.book.schema import trim_pt
from makeready.printers.refusals import pages_are_known, refusals_of, stand_in_job


@pytest.mark.parametrize(
    ("edition", "keys", "known"),
    [
        ({"printer": "kdp", "paper": "cream"}, [], True),
        ({"printer": "kdp"}, ["paper"], True),
        ({"printer": "kdp", "trim_width_pt": 216.0}, ["trim", "paper"], False),
        ({"printer": "kdp", "ink": "gold", "trim_width_pt": 216.0}, ["trim", "ink"], False),
        ({"printer": "lulu", "paper": "vellum", "pdf_x": "x-9"}, ["paper", "pdf_x"], True),
        ({"printer": "lulu", "bleed_mm": 4.0, "inside_mm": 30.0}, ["bleed_mm", "paper"], False),
        ({"printer": "generic", "inside_mm": 70.0, "pdf_x": "x-9"}, ["inside_mm", "pdf_x"], False),
        ({"printer": "nobody", "paper": "vellum"}, ["printer"], False),
        ({"printer": "kdp", "binding": "spiral", "paper": "cream"}, ["binding"], True),
    ],
)
def test_all_refusals_of_an_edition(
    edition: dict[str, object], keys: list[str], known: bool
) -> None:
    asked = Edition("paperback", EditionKind.PRINT, **edition)  # type: ignore[arg-type]
    refusals = refusals_of(asked)
    assert [refusal.key for refusal in refusals] == keys
    assert all(refusal.hint for refusal in refusals)
    assert pages_are_known(refusals) is known
    job = stand_in_job(asked)
    assert refusals_of(job.edition) == ()
    assert job.maximum_pages is None


def test_the_job_that_stands_in_has_the_margins_of_the_printer() -> None:
    asked = Edition("paperback", EditionKind.PRINT, printer="ingramspark")
    own, generic = stand_in_job(asked), stand_in_job(Edition("paperback", EditionKind.PRINT))
    assert own.profile.gutter_pt(100) != generic.profile.gutter_pt(100)


@pytest.mark.parametrize("printer", ["kdp", "ingramspark", "lulu", "bnpress", "generic", "nobody"])
@pytest.mark.parametrize("key", ["printer", "paper", "ink", "binding", "pdf_x", "trim"])
def test_what_a_hint_lists_is_offered(printer: str, key: str) -> None:
    wrong = {"trim_width_pt": 100.0} if key == "trim" else {key: "wrong"}
    asked = Edition("paperback", EditionKind.PRINT, **{"printer": printer, **wrong})  # type: ignore[arg-type]
    for refusal in refusals_of(asked):
        if refusal.key == key and "one of: " in refusal.hint:
            names = refusal.hint.rpartition("one of: ")[2].rstrip(".").split(", ")
            assert names
            for name in names:
                size = trim_pt(name) if key == "trim" else None
                right = (
                    {"trim_width_pt": size[0], "trim_height_pt": size[1]} if size else {key: name}
                )
                other = replace(asked, **right)  # type: ignore[arg-type]
                assert key not in [left.key for left in refusals_of(other)], name
