"""How the peers' pages look: as makeready's do, in CSS and in Typst's markup.

The same trim, margins, faces, size and leading, justified and hyphenated, a chapter on each
right-hand page, running heads, contents.
"""

from __future__ import annotations

from bench_book import AUTHOR, TITLE

SIDE_PT, TOP_PT, BOTTOM_PT = 68.9, 62.5, 67.78
SIZE_PT, LEADING_PT = 11.5, 15.0

FONT_CSS = """\
@font-face { font-family: "EB Garamond"; src: url(fonts/regular.ttf) }
@font-face { font-family: "EB Garamond"; font-style: italic; src: url(fonts/italic.ttf) }
@font-face { font-family: "EB Garamond"; font-weight: 600; src: url(fonts/bold.ttf) }
"""

PAGE_CSS = f"""\
@page {{ size: 148mm 210mm; margin: {TOP_PT}pt {SIDE_PT}pt {BOTTOM_PT}pt }}
@page :left {{
  @top-left {{ content: counter(page) }}
  @top-center {{ content: "{TITLE}" }}
}}
@page :right {{
  @top-center {{ content: string(chapter) }}
  @top-right {{ content: counter(page) }}
}}
@page :first {{ @top-center {{ content: none }} @top-right {{ content: none }} }}
h1 {{ break-before: right; margin: 0 0 {LEADING_PT * 4}pt; line-height: {LEADING_PT * 2}pt;
  string-set: chapter content() }}
"""

TEXT_CSS = f"""\
html {{ font: {SIZE_PT}pt/{LEADING_PT}pt "EB Garamond", serif;
  font-variant-numeric: oldstyle-nums }}
body {{ margin: 0; orphans: 2; widows: 2 }}
p, li {{ text-align: justify; hyphens: auto; hyphenate-limit-chars: 6 3 3;
  hyphenate-limit-zone: 6% }}
p {{ margin: 0; text-indent: 1.25em }}
h1, h2 {{ font-weight: 400; text-align: center; break-after: avoid }}
h2 {{ font-style: italic; font-size: 1.15em; margin: {LEADING_PT}pt 0 }}
h1 + p, h2 + p, figure + p, table + p, ul + p, ol + p, blockquote + p {{ text-indent: 0 }}
ul, ol, blockquote, figure, table {{ margin: {LEADING_PT}pt 0 }}
blockquote {{ margin-left: 1.25em; margin-right: 1.25em }}
blockquote p {{ text-indent: 0 }}
figure {{ text-align: center; break-inside: avoid }}
img {{ max-width: 100% }}
figcaption, caption {{ font-style: italic; text-align: center }}
table {{ margin-left: auto; margin-right: auto; border-collapse: collapse;
  border-top: 1pt solid; border-bottom: 1pt solid }}
th, td {{ text-align: left; padding: 0 0.8em }}
td:last-child {{ text-align: right }}
a {{ color: inherit; text-decoration: none }}
"""

HTML_CSS = """\
nav p { text-indent: 0; text-align: left; display: flex }
nav a { flex: 1 }
nav a.page { flex: none }
section { counter-reset: footnote }
.footnote { float: footnote; footnote-policy: line; font-size: 9.8pt; line-height: 12pt }
@page { @footnote { margin-top: 15pt } }
"""

COUNTED_CSS = """\
a.page::after { content: target-counter(attr(href), page) }
"""

TYPST_HEAD = f"""\
#set document(title: "{TITLE}", author: "{AUTHOR}")
#set text(font: "EB Garamond", size: {SIZE_PT}pt, lang: "en", region: "gb", hyphenate: true,
  number-type: "old-style", top-edge: {LEADING_PT - 4}pt, bottom-edge: -4pt)
#set par(justify: true, first-line-indent: 1.25em, leading: 0pt, spacing: 0pt)
#set page(width: 148mm, height: 210mm, numbering: "1", footer: none,
  margin: (x: {SIDE_PT}pt, top: {TOP_PT}pt, bottom: {BOTTOM_PT}pt),
  header: context {{
    let opener = query(heading.where(level: 1)).any(h => h.location().page() == here().page())
    if opener or here().page() == 1 {{ return }}
    let chapters = query(selector(heading.where(level: 1)).before(here()))
    let number = counter(page).display()
    if calc.even(here().page()) [#number #h(1fr) {TITLE} #h(1fr)]
    else [#h(1fr) #if chapters.len() > 0 {{ chapters.last().body }} #h(1fr) #number]
  }})
#show heading.where(level: 1): it => {{
  pagebreak(weak: true, to: "odd")
  counter(footnote).update(0)
  block(width: 100%, below: {LEADING_PT * 4}pt,
    align(center, text(size: 1.1em, weight: "regular", it.body)))
}}
#show heading.where(level: 2): it => block(width: 100%, above: {LEADING_PT}pt,
  below: {LEADING_PT}pt,
  align(center, text(size: 1em, weight: "regular", style: "italic", it.body)))
#show footnote.entry: set text(size: 9.8pt, top-edge: 9pt, bottom-edge: -3pt)
#show figure: set block(above: {LEADING_PT}pt, below: {LEADING_PT}pt)
#show quote.where(block: true): set block(above: {LEADING_PT}pt, below: {LEADING_PT}pt)
#show list: set block(above: {LEADING_PT}pt, below: {LEADING_PT}pt)
#show enum: set block(above: {LEADING_PT}pt, below: {LEADING_PT}pt)
#set table(stroke: none, align: (left, left, right))
#align(center, text(size: 2em)[{TITLE}])
#align(center)[{AUTHOR}]
#outline(title: [Contents], depth: 1)
"""
