"""Random texts with footnotes, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

TEXT = """
almanac barge bell breakwater brick canal candle carter chalk chapel clerk coal cooper dike dredger
estuary ferry flood garden granary harbour ink keeper kettle lamp ledger lock map mill notary oar
orchard parish path pilot quarry quay rain reservoir river rope salt slate sluice steward survey
tide tower vault warden weir wharf of in the a at by on to under over
"""
WORDS = TEXT.split()

PAGES = ("4.25x6.87in", "5x8in", "5.5x8.5in", "6x9in", "100x90mm", "148x210mm")
_FRAMES = (
    "",
    "table{border-top:1pt solid;border-collapse:collapse}td{padding:2pt}",
    "blockquote,ul{border:1pt solid;padding:3pt 3pt 3pt 20pt}td{border:1pt solid}",
    "blockquote{background:#ddd;padding:7pt}h2{border-bottom:1pt solid}",
)
_LENGTHS = ((0.45, 3, 15), (0.3, 15, 50), (0.15, 50, 110), (0.07, 110, 350), (0.03, 350, 1100))
"""How many notes have how many words, from and to."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """A text as markup and its style; ``page`` is the size of its pages."""

    markup: str
    style: str
    page: str


class NoteWriter:
    """Writes a text with notes: of the same seed, always the same."""

    def __init__(self, seed: int, *, passes: bool | None = None, columns: bool = False) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._passes = self._random.random() < 0.1 if passes is None else passes
        self._columns = columns
        self._share = self._random.choice((0.02, 0.1, 0.25, 0.6, 1.0))
        self._longest = self._random.choice((1, 2, 3, 4, 4, 5))

    def text(self) -> NoteText:
        """Return a text."""
        chance = self._random
        page = chance.choice(PAGES)
        width, height = page.rstrip("inm").split("x")
        unit = page.lstrip("0123456789.x")
        margin = "7mm" if page == "100x90mm" else "17mm"
        style = (
            f"@page{{size:{width}{unit} {height}{unit};margin:{margin};"
            "@footnote{margin-top:14pt}}"
            "html{font:11pt/14pt 'EB Garamond';text-align:justify}"
            f"body{{margin:0;orphans:{chance.choice((1, 2, 2, 2, 3))};"
            f"widows:{chance.choice((1, 2, 2, 2, 3))}}}"
            "p,h2,ul,table,blockquote{margin:0}p+p{text-indent:14pt}"
            "h2{font-size:11pt;margin:14pt 0;break-after:avoid}"
            "ul,table,blockquote{margin:14pt 0}td,th{vertical-align:top;width:33%}"
            ".columns{columns:2}"
            ".footnote{float:footnote;footnote-display:block;footnote-policy:line;"
            "font-size:9.35pt;line-height:12pt;text-indent:0}"
            ".footnote>p:first-child{display:inline}"
            ".footnote::footnote-call{line-height:0;vertical-align:baseline;font-size:8pt}"
            ".footnote::footnote-marker{content:counter(footnote) '. ';vertical-align:baseline}"
            ".page::after{content:target-counter(url(#end),page)}"
        ) + chance.choice(_FRAMES)
        body = "".join(self._blocks(chance.choice((8, 20, 40))))
        markup = f'<html><body>{body}<p id="end">end.</p></body></html>'
        return NoteText(markup, style, page)

    def _blocks(self, count: int) -> Iterator[str]:
        chance = self._random
        for _ in range(count):
            kind = chance.random()
            if kind < 0.72:
                yield f"<p>{self._line(chance.choice((6, 30, 60, 120, 250)))}</p>"
            elif kind < 0.80:
                yield f"<h2>{self._line(6)}</h2>"
            elif kind < 0.88:
                items = (f"<li>{self._line(chance.randint(3, 50))}</li>" for _ in range(5))
                yield f"<ul>{''.join(items)}</ul>"
            elif kind < 0.92:
                yield f"<blockquote><p>{self._line(60)}</p><p>{self._line(20)}</p></blockquote>"
            elif kind < 0.97 or not self._columns:
                yield self._table()
            else:
                inside = "".join(f"<p>{self._line(70)}</p>" for _ in range(chance.randint(1, 6)))
                yield f'<div class="columns">{inside}</div>'

    def _table(self) -> str:
        chance = self._random
        head = "".join(f"<th>{self._line(2)}</th>" for _ in range(3))
        rows = (
            "".join(f"<td>{self._line(chance.randint(1, 20))}</td>" for _ in range(3))
            for _ in range(chance.randint(1, 8))
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _line(self, words: int) -> str:
        """Return words with calls between them, now and then two on end."""
        chance = self._random
        out = []
        while words > 0:
            stretch = min(words, chance.randint(4, 24))
            words -= stretch
            out.append(self._words(stretch))
            if self._passes and chance.random() < 0.1:
                out.append(' <span class="page"></span>')
            while chance.random() < self._share / 2:
                out.append(self._note())
            out.append(" ")
        return "".join(out)

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(WORDS, k=count))

    def _note(self) -> str:
        chance = self._random
        lengths = _LENGTHS[: self._longest]
        _, least, most = chance.choices(lengths, [share for share, *_ in lengths])[0]
        self._number += 1
        name = f"N{self._number}"
        paragraphs = chance.choices((1, 2, 4), (0.8, 0.15, 0.05))[0]
        parts = []
        for part in range(paragraphs):
            count = max(1, chance.randint(least, most) // paragraphs)
            parts.append(f"<p>{name}b{part} {self._words(count)} {name}e{part}.</p>")
        return f'<aside class="footnote" data-note="{self._number}">{"".join(parts)}</aside>'
