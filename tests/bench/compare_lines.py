"""Set a novel with makeready, LuaLaTeX and Typst, and compare their lines and pages.

::

    python tests/bench/compare_lines.py NOVEL.md --output FOLDER
    python tests/bench/compare_lines.py NOVEL.md --output FOLDER --measures 3.6in --json
    python tests/bench/compare_lines.py NOVEL.md --output FOLDER --font Literata
    python tests/bench/compare_lines.py NOVEL.md --output FOLDER --picture lines.png

The novel is a text file with a title line, begun by ``#``, before each chapter; one of 60,000 words
with much dialogue says most. All programs get the same words, the same font files, the same size,
leading and measure, and as many lines a page. What they made is measured from their PDFs by
``makeready.typography``. A program that is not installed is left out, and named. The fonts but the
house's are in packages to install beside makeready, such as ``fontpkg-literata``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from bench_jobs import MAKEREADY, PEERS, ROOT
from novel import NovelChapter, as_markdown, as_tex, as_typst, read_novel, word_count
from PIL import Image, ImageOps

from makeready.fonts.instances import load_fonts
from makeready.typography.measure import measure_pdf

_SECONDS = 1800
_FONTS = {("normal", 400): "regular", ("italic", 400): "italic"}
HOUSE_FONT = "EB Garamond"
FONTS = {
    HOUSE_FONT: "",
    "Literata": """
[[family]]
name = "Literata"
slug = "literata"
package = "fontpkg_literata"
licence = "LICENSE"
credit = "Literata, by TypeTogether"

  [[family.face]]
  file = "files/Literata[opsz,wght].ttf"
  style = "normal"
  weight = 400
  axes = { opsz = 11, wght = 400 }

  [[family.face]]
  file = "files/Literata-Italic[opsz,wght].ttf"
  style = "italic"
  weight = 400
  axes = { opsz = 11, wght = 400 }
""",
    "Vollkorn": """
[[family]]
name = "Vollkorn"
slug = "vollkorn"
package = "fontpkg_vollkorn"
licence = "LICENSE"
credit = "Vollkorn, by Friedrich Althausen"

  [[family.face]]
  file = "files/Vollkorn[wght].ttf"
  style = "normal"
  weight = 400
  axes = { wght = 400 }

  [[family.face]]
  file = "files/Vollkorn-Italic[wght].ttf"
  style = "italic"
  weight = 400
  axes = { wght = 400 }
""",
}
"""The families of the text, with what is added to the house's ``fonts.toml`` for them."""
OURS, REFERENCE = "makeready", "LuaLaTeX + microtype"
_PICTURE_SCALE = 150 / 72
_PICTURE_LINES = 20
_PICTURE_MARGIN_PT = 12.0
_LETTERS_OF_A_PAGE = 900
"""Pages of front matter have fewer."""


@dataclass(frozen=True, slots=True)
class Page:
    """A measure to compare at: its width, the type, the trim and the lines of a page."""

    name: str
    measure_pt: float
    size_pt: float
    leading_pt: float
    width_in: float
    height_in: float
    lines: int

    @property
    def trim_pt(self) -> tuple[float, float]:
        return self.width_in * 72, self.height_in * 72


PAGES = (
    Page("3.6in", 259.2, 11, 14, 5, 8, 32),
    Page("4.3in", 309.6, 12, 15.5, 6, 9, 32),
    Page("26pc", 312, 11, 14, 6, 9, 36),
)
SHOWN = (
    "space_mean",
    "space_sd",
    "space_95_percent",
    "space_99_percent",
    "space_widest",
    "over_1_5_percent",
    "over_2_percent",
    "under_0_8_percent",
    "overfull_lines",
    "hyphenated_percent",
    "ladders_of_2",
    "ladders_of_3",
    "ladders_of_4_or_more",
    "stacks_at_ends",
    "stacks_at_starts",
    "short_last_lines_percent",
    "last_lines_of_one_short_word",
    "last_lines_of_part_of_a_word",
    "dashes_begin_lines",
    "rivers_per_1000_lines",
    "uneven_spreads",
    "spreads",
    "widows",
    "orphans",
    "lines_off_grid",
    "short_last_pages",
    "letters_narrowest",
    "letters_widest",
    "justified_lines",
    "pages",
)
_BOOK = """\
title = "A novel"
language = "en-US"
slug = "novel"
modified = 2026-01-01
publisher = "The bench"
rights = "In the public domain."
bodymatter = [{chapters}]

[[contributors]]
name = "The bench"
role = "aut"

# Facing pages are level only where they are printed.
[editions.printed]
kind = "print"
printer = "generic"
trim = "{width}x{height}in"
chapters_open = "any"

[editions.novel]
kind = "screen"
trim = "{width}x{height}in"
"""
_MEASURES = """\
[[measure]]
up_to_width_in = 1000.0
size_pt = {page.size_pt}
leading_pt = {page.leading_pt}
line_em = {line_em}

[page]
text_height = {text_height}
above = 0.5
inner = 0.5
"""
_TEX = r"""
\documentclass[twoside]{{book}}
\usepackage[papersize={{{width}bp,{height}bp}},textwidth={page.measure_pt}bp,
  textheight={text_height}bp,hcentering,vcentering]{{geometry}}
\usepackage[american]{{babel}}
\usepackage{{fontspec}}
\setmainfont{{regular.ttf}}[Path=fonts/,ItalicFont=italic.ttf,Numbers=OldStyle]
{microtype}
\newdimen\leading \leading={page.leading_pt}bp
\makeatletter
\def\normalsize{{\@setfontsize\normalsize{{{page.size_pt}bp}}{{{page.leading_pt}bp}}}}
\makeatother
\normalsize
\topskip=\leading \parskip=0pt \parindent=1.25em \maxdepth=100pt
\lineskiplimit=-100pt
\widowpenalty=10000 \clubpenalty=10000
\emergencystretch=3em \frenchspacing \raggedbottom \pagestyle{{empty}}
\newcommand\chaptertitle[1]{{\clearpage\vspace*{{3\leading}}%
  {{\noindent\fontsize{{16bp}}{{\leading}}\selectfont\raggedright #1\par}}%
  \vspace{{4\leading}}\noindent\ignorespaces}}
\begin{{document}}
% Babel sets them again here.
\lefthyphenmin=3 \righthyphenmin=3
{text}
\end{{document}}
"""
_TYPST = """\
#set text(font: "{font}", size: {page.size_pt}pt, lang: "en", region: "us", hyphenate: true,
  number-type: "old-style", top-edge: {top}pt, bottom-edge: -4pt)
#set par(justify: true, first-line-indent: 1.25em, leading: 0pt, spacing: 0pt{more})
#set page(width: {width}pt, height: {height}pt, margin: (x: {side}pt, y: {above}pt))
#set smartquote(enabled: false)
#show heading.where(level: 1): it => {{
  pagebreak(weak: true)
  block(above: 0pt, below: {below}pt, inset: (top: {sunk}pt),
    par(justify: false, text(size: 16pt, weight: "regular", hyphenate: false, it.body)))
}}
{text}
"""
_COMPILE = """\
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], font_paths=["fonts"], ignore_system_fonts=True)
"""
_TRACKED = """,
  justification-limits: (spacing: (min: 66.7%, max: 150%), tracking: (min: -0.01em, max: 0.02em))"""


class Bench:
    """A folder in which one novel is set by every program, at one measure after another."""

    def __init__(self, novel: tuple[NovelChapter, ...], folder: Path, font_name: str) -> None:
        self._novel, self._folder, self._font_name = novel, folder, font_name
        (folder / "fonts").mkdir(parents=True, exist_ok=True)
        house = (ROOT / "styles" / "fonts.toml").read_text("utf-8")
        self._fonts_toml = folder / "fonts.toml"
        self._fonts_toml.write_text(FONTS[font_name] + house, "utf-8")
        for font in load_fonts(self._fonts_toml, folder / "faces"):
            name = _FONTS.get((font.style, font.weight))
            if name and font.family == font_name:
                shutil.copyfile(font.path, folder / "fonts" / f"{name}.ttf")

    def set_novel(self, page: Page) -> Iterator[tuple[str, Path]]:
        """Yield the PDF that each program makes; name on stderr what is missing."""
        for name, path in (
            (OURS, self._makeready(page)),
            ("LuaLaTeX", self._lualatex(page, "")),
            (REFERENCE, self._lualatex(page, r"\usepackage{microtype}")),
            ("Typst", self._typst(page, "")),
            ("Typst, letterspaced", self._typst(page, _TRACKED)),
        ):
            if path is None:
                print(f"{name} is not installed, and left out.", file=sys.stderr)
            else:
                yield name, path

    def _makeready(self, page: Page) -> Path:
        book = self._folder / f"book-{page.name}"
        (book / "styles").mkdir(parents=True, exist_ok=True)
        names = [f"chapter-{number}" for number in range(1, len(self._novel) + 1)]
        for name, chapter in zip(names, self._novel, strict=True):
            (book / f"{name}.md").write_text(as_markdown(chapter), "utf-8")
        listed = ", ".join(f'"{name}"' for name in names)
        (book / "book.toml").write_text(
            _BOOK.format(chapters=listed, width=page.width_in, height=page.height_in), "utf-8"
        )
        # A little more than the lines take, since they are counted downwards.
        share = (page.lines + 0.01) * page.leading_pt / page.trim_pt[1]
        (book / "styles" / "measures.toml").write_text(
            _MEASURES.format(
                page=page, line_em=page.measure_pt / page.size_pt, text_height=round(share, 5)
            ),
            "utf-8",
        )
        if self._font_name != HOUSE_FONT:
            shutil.copyfile(self._fonts_toml, book / "styles" / "fonts.toml")
            (book / "styles" / "css").mkdir(exist_ok=True)
            css = f'body {{ font-family: "{self._font_name}" }}\n'
            (book / "styles" / "css" / "book.css").write_text(css, "utf-8")
        output = self._folder / f"dist-{page.name}"
        cache = self._folder / "cache"
        self._run(
            MAKEREADY, "build", "novel", "--book", book.resolve(), "--output", output.resolve(),
            "--cache", cache.resolve(),
        )  # fmt: skip
        return output / "novel-novel.pdf"

    def _lualatex(self, page: Page, microtype: str) -> Path | None:
        program = shutil.which("lualatex")
        if program is None:
            return None
        name = f"lualatex-{page.name}{'-microtype' if microtype else ''}"
        width, height = page.trim_pt
        source = _TEX.format(
            page=page,
            width=width,
            height=height,
            text_height=page.lines * page.leading_pt,
            microtype=microtype,
            text=as_tex(self._novel),
        )
        (self._folder / f"{name}.tex").write_text(source, "utf-8")
        self._run(program, "-interaction=batchmode", "-halt-on-error", f"{name}.tex")
        return self._folder / f"{name}.pdf"

    def _typst(self, page: Page, more: str) -> Path | None:
        python = PEERS / "python"
        if not python.is_file():
            return None
        name = f"typst-{page.name}{'-tracked' if more else ''}"
        width, height = page.trim_pt
        source = _TYPST.format(
            page=page,
            font=self._font_name,
            width=width,
            height=height,
            top=page.leading_pt - 4,
            # Rounding must not cost the last line.
            side=(width - page.measure_pt) / 2,
            above=(height - page.lines * page.leading_pt - 0.01) / 2,
            sunk=3 * page.leading_pt,
            below=4 * page.leading_pt,
            more=more,
            text=as_typst(self._novel),
        )
        (self._folder / f"{name}.typ").write_text(source, "utf-8")
        self._run(python, "-c", _COMPILE, f"{name}.typ", f"{name}.pdf")
        return self._folder / f"{name}.pdf"

    def _run(self, *words: str | Path) -> None:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{words[0]} failed:\n{(done.stderr or done.stdout)[-2000:]}")


def draw_picture(page: Page, ours: Path, reference: Path, target: Path) -> None:
    """Draw the text of the second page of two PDFs, side by side, as a PNG."""
    side = (page.trim_pt[0] - page.measure_pt) / 2 - _PICTURE_MARGIN_PT
    texts = []
    for path in (ours, reference):
        with pypdfium2.PdfDocument(path) as pdf:
            number = next(
                n
                for n, one in enumerate(pdf)
                if one.get_textpage().count_chars() > _LETTERS_OF_A_PAGE
            )
            image = pdf[number + 1].render(scale=_PICTURE_SCALE).to_pil().convert("L")
        boxes = ImageOps.invert(image).getbbox() or (0, 0, *image.size)
        left = round(side * _PICTURE_SCALE)
        texts.append(image.crop((left, boxes[1], image.width - left, boxes[3])))
    gap = round(2 * _PICTURE_MARGIN_PT * _PICTURE_SCALE)
    lines = round(_PICTURE_LINES * page.leading_pt * _PICTURE_SCALE)
    width = sum(text.width for text in texts) + gap
    picture = Image.new("L", (width, lines), 255)
    for text, x in zip(texts, (0, width - texts[1].width), strict=True):
        picture.paste(text.crop((0, text.height - lines, text.width, text.height)), (x, 0))
    picture.save(target, optimize=True)


def table(figures: dict[str, dict[str, float | int | None]]) -> Iterator[str]:
    """Yield the lines of a table: the figures of each program, and ours beside the reference's."""
    has_ratio = {OURS, REFERENCE} <= set(figures)
    yield " | ".join(["", *figures, *(["ratio"] if has_ratio else [])]).strip()
    yield " | ".join(["---", *("---:" for _ in figures), *(["---:"] if has_ratio else [])])
    for name in SHOWN:
        row = [_text(one[name]) for one in figures.values()]
        if has_ratio:
            row.append(_ratio(figures[OURS][name], figures[REFERENCE][name]))
        yield " | ".join([name.replace("_", " "), *row])


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _ratio(ours: float | None, other: float | None) -> str:
    return f"{ours / other:.2f}" if ours is not None and other else "–"


def main(arguments: Iterable[str] | None = None) -> int:
    """Read the command line, set the novel, and print what was measured."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("novel", type=Path, help="text or Markdown file of a novel")
    parser.add_argument("--output", type=Path, required=True, help="folder to work in")
    parser.add_argument(
        "--measures", nargs="+", default=[], metavar="WIDTH", choices=[one.name for one in PAGES]
    )
    parser.add_argument("--font", default=HOUSE_FONT, choices=FONTS, help="family of the text")
    parser.add_argument(
        "--picture", type=Path, help="PNG of lines of makeready and of the reference, side by side"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(None if arguments is None else list(arguments))
    novel = read_novel(given.novel)
    if not novel:
        parser.error(f"{given.novel} has no title line before its text, such as “# Chapter 1”")
    bench = Bench(novel, given.output, given.font)
    results = {}
    for page in (one for one in PAGES if not given.measures or one.name in given.measures):
        made = dict(bench.set_novel(page))
        results[page.name] = {
            name: measure_pdf(path).figures.as_data() for name, path in made.items()
        }
        if given.picture and REFERENCE in made:
            draw_picture(page, made[OURS], made[REFERENCE], given.picture)
    if given.json:
        print(json.dumps(results, indent=1))
        return 0
    paragraphs = sum(len(chapter.paragraphs) for chapter in novel)
    print(f"{word_count(novel):,} words in {paragraphs:,} paragraphs.")
    for page in PAGES:
        if page.name in results:
            print(f"\n## {page.name}, {page.size_pt:g}/{page.leading_pt:g} pt\n")
            print("\n".join(table(results[page.name])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
