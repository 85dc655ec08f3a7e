"""Every function of WeasyPrint that makeready replaces, overrides or copies is as it was.

`REPLACED` lists them with the digest of their source. When an upgrade of the engine changes one,
the test fails and says what to look at. When that is done, put the new digest into the list.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

ENGINE = Path(__file__).resolve().parents[2] / "scripts" / "makeready" / "engine"
MODULES = sorted(ENGINE.rglob("*.py"))
LIBRARIES = ("weasyprint", "pydyf", "tinycss2")


@dataclass(frozen=True)
class Replaced:
    """A function of the engine.

    ``name`` is a module, a class if any, and the function; ``by`` says where makeready has
    something instead, and ``look_at`` what to compare when the function has changed.
    """

    name: str
    by: str
    look_at: str
    sha256: str


REPLACED = (
    Replaced(
        "weasyprint.document.Page.__init__",
        "overridden by engine/turned_pages.py",
        "Pages named “turned” get a transform before anchors are gathered, and exchange width and "
        "height afterwards: are a page's size, bleed and anchors still set here?",
        "56afceec729bf2c1d6d4d28495726a179882a23dec2234aefaf33bb1027a8dc0",
    ),
    Replaced(
        "weasyprint.anchors.gather_anchors",
        "relied on by engine/turned_pages.py",
        "It turns “transform” of a box's style into the matrix that the box is drawn with: does "
        "it still, for page boxes too?",
        "373f8c676f27da3b0960998876d78d01eef0b5ff0a0b0c48bfc7a9a89627bbfd",
    ),
    Replaced(
        "weasyprint.layout.replaced.inline_replaced_box_layout",
        "wrapped by engine/images_in_lines.py",
        "Is a drawing without a size laid out in a line from right to left now? "
        "Then images_in_lines.py can go.",
        "f1fe4648b21a8efa5ee57e10cb7227f11ffffc3b7cad237b6d555e5e08831d7f",
    ),
    Replaced(
        "weasyprint.formatting_structure.build.marker_to_box",
        "wrapped by engine/list_markers.py",
        "Do a marker outside its list item and the text in it have styles of their own now? "
        "Then list_markers.py can go.",
        "b471a3133517591e57b7b1073aaaf94db242e2a510867d94c60dd5576b763110",
    ),
    Replaced(
        "weasyprint.HTML.__init__",
        "overridden by engine/typesetter.py SectionHTML",
        "SectionHTML sets the same attributes from a tree that is parsed as XML: has the "
        "constructor others now? If it takes a parsed tree, SectionHTML can go.",
        "5f19f40b81837f87ae7af8e5c53d5f11e7c98ba245094a86d45f5f14d001b943",
    ),
    Replaced(
        "weasyprint.urls.URLFetcher.__init__",
        "called by engine/fetcher.py BookFetcher",
        "BookFetcher allows http alone and no redirects: are those options still named so, and "
        "is there a new way to reach files or the network?",
        "684420ad907b24ab35ef87fc37e0c9b68cdfd6d2b5b7dc0516aed68d6a4bfc28",
    ),
    Replaced(
        "weasyprint.urls.URLFetcher.fetch",
        "overridden by engine/fetcher.py BookFetcher and RecordingFetcher",
        "Everything the engine reads must still come through this method, with the same "
        "arguments and a URLFetcherResponse as the result.",
        "e53a9536f4dceb0eb6734745dc637c34efecc346e946b6b7eecf7ff597024289",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext",
        "replaced by engine/footnotes.py FootnoteContext, a subclass",
        "Are there new attributes or methods for footnotes? Does the engine divide notes over "
        "pages now (#1833), or keep each with its call (#1564, #2502)?",
        "211f859ff4e2d663a49c6536de3718fdcbdee69830752a27ec6d44779012b933",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext.__init__",
        "called by engine/footnotes.py FootnoteContext",
        "footnotes, current_page_footnotes and reported_footnotes must still be the notes "
        "that wait, are on the page and move to the next.",
        "f687f507fee8883e8ba33bafd97f396820907cbcb9d050e4218f1f409c707685",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext.layout_footnote",
        "replaced by engine/footnotes.py FootnoteContext",
        "It takes a note out of footnotes, adds it to current_page_footnotes and returns "
        "whether the area overflows.",
        "5075f64aaae4a32d2ad552f8cc2e73e0bb833b79f9d586d7e23ab041b5fe83bd",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext.unlayout_footnote",
        "replaced by engine/footnotes.py FootnoteContext",
        "It is called for each note whose call is removed from the page.",
        "c7c223cf4a0fda5451c7da9f5a95603c21dda3f8286000c989b942ca71d58bfc",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext.report_footnote",
        "replaced by engine/footnotes.py FootnoteContext",
        "It moves a note from current_page_footnotes to reported_footnotes.",
        "f05bad3895c6824c591301212219c70ab11c11df9277695eea639ea80baf1ee0",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext.overflows_page",
        "overridden by engine/footnotes.py FootnoteContext",
        "It compares a position with page_bottom; _linebox_layout must still call it next "
        "after layout_footnote.",
        "d18699b7ce2ebaa0e2aa47441ba673bc45781d06088e9bbc91babef3adccd447",
    ),
    Replaced(
        "weasyprint.layout.LayoutContext._update_footnote_area",
        "replaced by engine/footnotes.py FootnoteContext",
        "page_bottom is less by the margin height of the area, except in columns. If the area "
        "is copied and laid out in another way, NoteLayout must be, too.",
        "2e317e4b066fb80cb369a41cd6f054a127722f9961c18ef4d6e1eef93673c4c1",
    ),
    Replaced(
        "weasyprint.layout.make_all_pages",
        "wrapped by engine/footnotes.py and engine/spreads/balance.py",
        "With an empty list of pages it makes all of them anew; it stops when there is no "
        "text and no reported note left. It makes a page again whose state in page_maker has "
        "content_changed.",
        "b5e4034894841caa9581fa5d33338c71a7d8948be65618d358ab4b946f367edb",
    ),
    Replaced(
        "weasyprint.layout.page.set_page_type_computed_styles",
        "wrapped by engine/page_styles.py",
        "It computes the styles of a page's type and of its margin boxes from what is in "
        "_cascaded_styles, and puts them into _computed_styles. If it keeps them for later pages "
        "by itself, page_styles.py can go.",
        "4e68b396b35c4a0640453f413be69acdc81a82b37e0f806fd00999c937a126bb",
    ),
    Replaced(
        "weasyprint.layout.background.layout_box_backgrounds",
        "wrapped by engine/bare_boxes.py",
        "It sets the radii of a box, its background and its border images, and does the same to "
        "the boxes in it; what needs none of them is passed over. If it does so by itself, "
        "bare_boxes.py can go.",
        "617a870678c82755762bbf53eecd2a871214b00246b2abf8f3a9a1524695f68a",
    ),
    Replaced(
        "weasyprint.css.StyleFor._page_type_match",
        "relied on by engine/page_styles.py",
        "Does all that decides which @page rules are for a page go through it?",
        "e81e6a05201f06436306e3dacce45b5737a6f13af25280429ffb2f7d86345933",
    ),
    Replaced(
        "weasyprint.css.StyleFor.add_page_declarations",
        "relied on by engine/page_styles.py",
        "Does it take the selectors of page_rules, the type last, and nothing else of a page?",
        "78e388ade2325011754b44f2aedbff51b93a0789adb53fb70efb57fc46244f18",
    ),
    Replaced(
        "weasyprint.layout.page.make_page",
        "wrapped by engine/footnotes.py",
        "It lays out the reported notes before the text, and the area after the text, with "
        "keywords for the positioned boxes.",
        "656f183328e8b1b56311a342621442056c067422958dcaf6730acdfb6c7b8971",
    ),
    Replaced(
        "weasyprint.layout.page.page_height",
        "wrapped by engine/footnotes.py",
        "It sets the height of a page's text area, which is made less by what the bottom padding "
        "is made more.",
        "71a0230377c0354e5832cc3a52726806a0e21f21bfcf1b7aa35f57f612cd1182",
    ),
    Replaced(
        "weasyprint.layout.block.block_level_page_break",
        "called by engine/spreads/flow.py",
        "It returns the break value between two siblings: “auto”, one to avoid, or a forced one.",
        "4c36f807aa76498f38889123643841888444796a348d11a3bb8bbdff53a78c10",
    ),
    Replaced(
        "weasyprint.layout.page._update_page_groups",
        "wrapped by engine/footnotes.py",
        "A group is a list of name, index and position; the list is changed in place and "
        "copied for each page; the result is the page's name.",
        "baae519d41beefe1b8df0d922aab8aaaaea9c7d87a0a8f08ce499780788ecb1c",
    ),
    Replaced(
        "weasyprint.layout.block.block_level_layout",
        "wrapped in weasyprint.layout.page by engine/footnotes.py, and called by "
        "engine/note_layout.py",
        "The order of its arguments, and a box and the position after it as the first two "
        "values of its result.",
        "c1301dde9284e24519ee0432b508d6cd79768018d2564d4066f0fdf103982dd6",
    ),
    Replaced(
        "weasyprint.layout.block._linebox_layout",
        "wrapped by engine/footnotes.py",
        "For each note of a line: layout_footnote, then overflows_page, then report_footnote, "
        "with nothing between. If it does not report notes of earlier lines any more (#2432), "
        "report_footnote of FootnoteContext can be simpler.",
        "e07bbe000974787ee370be1f419a01a21b327a1a1e3025a65afd47589060883d",
    ),
    Replaced(
        "weasyprint.layout.column._report_footnotes",
        "replaced by engine/footnotes.py FootnoteContext",
        "It moves notes to the next page until the area is no higher than its argument.",
        "0e9226e4e92830f08b4e4ead50febc8aaabcefd02974819517f56f6075371b05",
    ),
    Replaced(
        "weasyprint.css.StyleFor._page_type_match",
        "wrapped by engine/footnotes.py",
        "It compares the fields of a page selector with those of a page type; groups are "
        "pairs of name and index.",
        "e81e6a05201f06436306e3dacce45b5737a6f13af25280429ffb2f7d86345933",
    ),
    Replaced(
        "weasyprint.layout.inline.get_next_linebox",
        "wrapped by engine/lines/typeset.py, and copied in part by engine/lines/build.py",
        "The order of its arguments; the result is the line and the position after it. "
        "build_line sets the same attributes of a line, in the same order.",
        "67af458c2545e74f0803072103c6c5d392d5e353dfdaa4f5bac5a96e20ed024d",
    ),
    Replaced(
        "weasyprint.layout.inline.iter_line_boxes",
        "wrapped, where layout.block calls it, by engine/lines/typeset.py",
        "Its second argument is the line box, whose boxes may be others at each call and are the "
        "same while the lines of one call are made; text_indent is 0 after the first line.",
        "04aec48abfcad809bc94c54eeba0e23a389e824cec85fe67bc1b21412d29dc3a",
    ),
    Replaced(
        "weasyprint.text.line_break.split_first_line",
        "wrapped by engine/trailing_spaces.py and engine/fallback_lines.py",
        "The fourth argument is the width to fit, None for no limit; the last two results are "
        "the height and the baseline. Does it break a text that ends in a space, and fits but for "
        "that space, at its last opportunity? Then trailing_spaces.py can go. Does it measure "
        "the first font alone? Then fallback_lines.py can go.",
        "39ad1016863ca34de0bea4c9fcffb46da7e27813c87dd82b7011bfa19fe5504f",
    ),
    Replaced(
        "weasyprint.layout.table.table_layout",
        "wrapped, where layout.block calls it, by engine/tall_rows.py and engine/footnotes.py",
        "Are the parameters the same, and the table the first of its results? Are heads and feet "
        "still laid out on each page, and left out where no row fits with them? Does it set the "
        "head of a table above a row that is taller than a page? Then tall_rows.py can go.",
        "6594fa40743fbc0bd49b2ba12682897bfa86b75b7f6f1e395d8ba947b0641376",
    ),
    Replaced(
        "weasyprint.layout.inline.strut",
        "wrapped by engine/text_cache.py",
        "Its result must depend on the style alone.",
        "b57885b70dd08efe92f72a746709e08c576f47b90edb36f02925fefa15bb761a",
    ),
    Replaced(
        "weasyprint.layout.percent.resolve_percentages",
        "wrapped, and copied for boxes in lines, by engine/text_cache.py",
        "_resolved_lengths sets the same attributes of a box to the same values where none of "
        "them depends on the containing block.",
        "71673078096fcf8764e6412933288cc79ba956eae0d939deda27beaeac45acad",
    ),
    Replaced(
        "weasyprint.layout.percent.resolve_one_percentage",
        "copied by engine/text_cache.py _resolved_lengths",
        "The value of auto and none, and the minimums of 0.",
        "4cfaa9ad134e4f7bd8b61c7a6eba56678898545eb8c02f663f29c12a3aa16d54",
    ),
    Replaced(
        "weasyprint.layout.percent.percentage",
        "copied by engine/text_cache.py _resolved_lengths",
        "A length in px is taken as its value; any other unit is left to the engine.",
        "ebe404ccd9da50bfc1cd147b8378c34ae1ca6b4ce38a97c0acca923116fcf0d9",
    ),
    Replaced(
        "weasyprint.layout.percent.adjust_box_sizing",
        "left out by engine/text_cache.py _resolved_lengths",
        "It must still do nothing where box-sizing is content-box.",
        "88f3351db0280d16752c28f87f2a50344c0177dd5e20879e8b8da4be3ef4ec8e",
    ),
    Replaced(
        "weasyprint.text.fonts.get_font_description",
        "replaced by engine/small_capitals.py",
        "Does it still set a variant, for which Pango makes small capitals of other letters? "
        "If not, small_capitals.py can go.",
        "85734b8947b9bf64ef27ff11d8f5355db76a2ae8efc9a6fed925dc9e2a1056ce",
    ),
    Replaced(
        "weasyprint.text.line_break.Layout.setup",
        "replaced, and copied for plain styles, by engine/text_cache.py",
        "_shaping_context and _set_up_layout create the same Pango objects and set the same "
        "attributes, except for underlined text and for font-language-override. If the engine "
        "keeps them for a style itself, this part of the cache can go.",
        "fb227a55094f41d42fbd57f180d8b7a9a1e741969ec8ddb3fd5cd80920257442",
    ),
    Replaced(
        "weasyprint.text.line_break.get_next_break_point_from_text",
        "cached by engine/text_cache.py",
        "Its result must depend on the arguments alone, which must be hashable. If it is "
        "cached upstream, ours can go.",
        "39b162a79080e236d5d77ee299f1a50e0eb430935ec9545b3d006fb5c2332cde",
    ),
    Replaced(
        "weasyprint.text.line_break.get_next_word_boundaries",
        "cached by engine/text_cache.py",
        "Its result must depend on the arguments alone, which must be hashable. If it is "
        "cached upstream, ours can go.",
        "3aab26b84151036dc028edd7a69eb43fb1d3d6434a5e1fec1bb1d5fca5bad28e",
    ),
    Replaced(
        "weasyprint.text.line_break.get_last_word_end",
        "cached by engine/text_cache.py, also where weasyprint.draw.text has imported it",
        "Its result must depend on the arguments alone, which must be hashable. If it is "
        "cached upstream, ours can go.",
        "4caf4d28204c57afd4c6956f5637dae7f0c9154567b1599f00624e47e06b3652",
    ),
    Replaced(
        "weasyprint.draw.text.draw_first_line",
        "wrapped by engine/page_number_marks.py, engine/lines/typeset.py and "
        "engine/tagging/marks.py, and copied in part by _keep_glyph and engine/lines/draw.py",
        "A text box is drawn by one or more TJ operators with glyph ids in hexadecimal strings "
        "of four digits; widths of glyphs and their Unicode are kept as _keep_glyph does.",
        "1bb8eae6d88e71b17096a034656f3be17da8f1f513c78536c1c38d971927638b",
    ),
    Replaced(
        "weasyprint.draw.text.draw_text",
        "wrapped by engine/lines/emphasis.py, where weasyprint.draw has imported it",
        "It is called with the stream and a text box, outside of a text object. When it draws "
        "text-emphasis, ours can go.",
        "ebaf96239c6ca3635d2b91bfb34718c2dcebd7809fec1c53fb8dffd1366befe3",
    ),
    Replaced(
        "weasyprint.draw.draw_block_level",
        "wrapped by engine/turned_lines.py",
        "It is called with the blocks of a page, those inside a block too, and draws their lines.",
        "3de9ec3ad4aaad3c11a93368dc0b5767740a425c5b46195b3e6f7cf3f8ce648d",
    ),
    Replaced(
        "weasyprint.pdf.fonts.Font.clean",
        "replaced by engine/render_section.py _without_fonts, and wrapped by "
        "engine/embedded_fonts.py",
        "It is called once for each font file before that is written, file_content is the "
        "whole file until then, and what else it does is not needed for static TrueType fonts.",
        "794f0211f18453f1a291056fcd6659cdcb262f7c1133cf5b2ea015df379c6813",
    ),
    Replaced(
        "weasyprint.pdf.fonts.Font.subset",
        "copied by pdf/fonts.py subset_font",
        "Which subsetter is used, and when.",
        "61ed6bc2e9a7e43a7ad4c50e4bd61a0c5b6db06069754e66c6e328f4a97a6311",
    ),
    Replaced(
        "weasyprint.pdf.fonts.Font._harfbuzz_subset",
        "copied by pdf/fonts.py subset_font",
        "The flags of both passes and the tables that are dropped, so that pages look the same "
        "as the engine's own file.",
        "f80805663ede8080a3e1ffff831e20c74bd25fa3b8e4410334ba807158dc685f",
    ),
    Replaced(
        "weasyprint.pdf.fonts.build_fonts_dictionary",
        "copied by pdf/fonts.py _font_object and _unicode_cmap",
        "The entries of the font dictionary, and the CMap that maps glyphs to Unicode.",
        "fc551bef35d0d6c3d288f686fd21b5ea8c1efadb8f2f3b4d379cfa6045c02230",
    ),
    Replaced(
        "weasyprint.pdf.fonts._build_vector_font_dictionary",
        "copied by pdf/fonts.py _font_object and _widths",
        "The entries of the descendant font and of the font descriptor.",
        "aa6eea312c6e3375689f3405d48c5059525038a8d73d2f63bf3476de6dc05903",
    ),
    Replaced(
        "weasyprint.images.get_image_from_uri",
        "replaced by engine/images.py ImageLoader, where weasyprint.document has imported it",
        "The arguments, and what is used of the image that it returns: get_intrinsic_size, draw, "
        "get_x_object and id. Once the engine takes the type of an image from its content, keeps "
        "1 and 16 bits right, and scales images at their printed size, ours can go.",
        "07bdb0c0e3fd5b83ce54ab4f3f738d963cd1ca1a4991e2acd438ee5058d770ce",
    ),
    Replaced(
        "weasyprint.layout.inline.split_text_box",
        "wrapped by engine/lines/line_ends.py",
        "It returns the box with the text that is on the line, with the hyphen that was added, "
        "and how many bytes of the box's text are on it and before.",
        "8c564329599ef23fac6cc8c403768e9e51638226d87a8b2de69c49c9c5f408c8",
    ),
    Replaced(
        "weasyprint.pdf.anchors.add_links",
        "wrapped, where weasyprint.pdf calls it, by engine/tagging/document.py",
        "It makes an annotation of each link that it is given, and keeps it in the link's box.",
        "262e8b9b299892a7b539bf622e47b891f9c0548e555d6438c3ae6c48f30feca0",
    ),
    Replaced(
        "weasyprint.pdf.tags.add_tags",
        "replaced, where weasyprint.pdf calls it, by engine/tagging/document.py",
        "Is it called after all pages are drawn, with their content streams? What it writes into "
        "the catalog is written by engine/tagging/writing.py. Does it make one element for each "
        "element of the source? Then the folder can go.",
        "f0e74575b0bafaf36458eaac27874e3b80457fba3694058153da514a68933f22",
    ),
    Replaced(
        "weasyprint.pdf.stream.Stream.marked",
        "replaced by engine/tagging/marks.py",
        "Every text and every image is drawn within it, and nothing else.",
        "3fa3acacbbf66422e7b0de4346b6eaf638657280a0f62c73172e3c445b888692",
    ),
    Replaced(
        "weasyprint.pdf.stream.Stream.artifact",
        "replaced by engine/tagging/marks.py",
        "Everything that is neither text nor an image is drawn within it.",
        "be61e42186804e990c3fa090d95a0a579b0d9ca73ba2ec9915c57fde18910faa",
    ),
    Replaced(
        "weasyprint.pdf.stream.Stream.add_group",
        "wrapped by engine/images.py _add_group",
        "A group begins with the identity as its matrix, and is drawn by the stream it belongs to "
        "with the matrix at the time it was added.",
        "6022122164739805626abacc28a9931e8c724da5a5420e604d33471336fb4973",
    ),
    Replaced(
        "weasyprint.pdf.stream.Stream.add_pattern",
        "wrapped by engine/images.py _add_pattern",
        "The last argument is the matrix from the pattern's space to that of the stream's start.",
        "c6656116cd711ed60add5614ffdaefa1f202c82d718145fa648b1d0d7bfb6de0",
    ),
    Replaced(
        "weasyprint.pdf.stream.Stream.set_color",
        "wrapped by engine/colours.py colours_drawn",
        "Every colour in a content stream is set by it.",
        "d289ec41ef8285c2dde81e92fbf400ef3b9f22b14d9484529d2ab967e827e451",
    ),
    Replaced(
        "tinycss2.color4.Color.to",
        "wrapped by engine/colours.py _to",
        "Which spaces it converts. Once it converts all to sRGB, ours can go.",
        "815384a1ac592e42e3208f45825ff9d3b909c1bf45efaa2612a0a5928a2e3cde",
    ),
    Replaced(
        "weasyprint.images.Gradient.draw",
        "copied by engine/colours.py _draw_gradient",
        "It draws the same, but in the space of the colours, and takes their alpha by name. Once "
        "the engine draws gradients in CMYK, ours can go.",
        "d10aeeb48663212ae28ebdeef16c37d7a12d028d42a25b4ad751290b44a8668c",
    ),
    Replaced(
        "weasyprint.images.gradient_average_color",
        "replaced by engine/colours.py _average_colour",
        "The same average, in the space of the colours.",
        "9841f321c7bb03499471ac34f722238eb4a3900d8afb12c399bca8fce09da62b",
    ),
    Replaced(
        "weasyprint.draw.color.lighten",
        "replaced by engine/colours.py _lighten",
        "It writes levels from 0 to 1 as percentages; once it does not, and takes CMYK, ours can "
        "go.",
        "412eec2b388b8a969f2b555667f4b138482974ae125ca1d655abcde2ed8d717e",
    ),
    Replaced(
        "weasyprint.draw.color.darken",
        "replaced by engine/colours.py _darken",
        "As lighten.",
        "2c748aaf54c33996adc88be2fbf2b336ec33fd4ab06e2b8ace26c9b894f8be45",
    ),
    Replaced(
        "weasyprint.svg.utils.size",
        "wrapped by engine/svg_numbers.py, where weasyprint.svg has imported it",
        "A number without a unit is itself, and nothing is 0. If it is read without an import and "
        "a context for each call, svg_numbers.py can go.",
        "da153ed5f4a1a6201d9a4aa061d05aa39acb2999b58b2ae901703614424ee517",
    ),
    Replaced(
        "weasyprint.svg.utils.color",
        "replaced by engine/colours.py _svg_colour and _svg_stop_colour, where weasyprint.svg and "
        "weasyprint.svg.defs have imported it",
        "The colours of gradients must be in sRGB, because the engine takes their coordinates for "
        "red, green and blue.",
        "1cd5953c50ceffe138897580cb045131a33e6db96b10573c7b85aca6d32e199f",
    ),
)


def original(name: str) -> Any:
    """Return a function of the engine by its dotted name."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"There is no {name}.")


def sha256_of_source(function: Any) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


def canonical_name(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def change_in(entry: Replaced) -> str:
    """Return what to do about a function that has changed; empty if it has not."""
    digest = sha256_of_source(original(entry.name))
    if digest == entry.sha256:
        return ""
    return (
        f"{entry.name} has changed in this version of the engine. It is {entry.by}. "
        f"{entry.look_at} Then put the digest {digest} into the list."
    )


@pytest.mark.parametrize("entry", REPLACED, ids=lambda entry: entry.name)
def test_the_source_is_as_it_was(entry: Replaced) -> None:
    assert change_in(entry) == ""


def test_a_change_is_reported_with_what_to_look_at() -> None:
    entry = replace(REPLACED[0], sha256=REPLACED[1].sha256)
    assert entry.look_at in change_in(entry)
    assert REPLACED[0].sha256 in change_in(entry)


def engine_names(tree: ast.Module) -> dict[str, str]:
    """Return the names of a module that stand for something of the engine's libraries."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in LIBRARIES:
                    names[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def engine_object(node: ast.expr, names: dict[str, str]) -> str | None:
    """Return the dotted name that an expression has in the engine; None if it is not of it."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = engine_object(node.value, names)
        return f"{owner}.{node.attr}" if owner else None
    return None


def replacements(source: str) -> Iterator[str]:
    """Yield the dotted names of what a module replaces or overrides in the engine."""
    tree = ast.parse(source)
    names = engine_names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets):
                yield from assigned(targets, names)
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                yield from assigned([target], names)
            case ast.Delete(targets=targets):
                yield from assigned(targets, names)
            case ast.ClassDef(bases=bases, body=body):
                yield from overridden([engine_object(base, names) for base in bases], body)
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, attribute, *_]):
                if dotted := engine_object(owner, names):
                    assert isinstance(attribute, ast.Constant), ast.unparse(node)
                    yield f"{dotted}.{attribute.value}"
            case ast.Call(func=ast.Name(id="replaced"), args=[owner], keywords=keywords):
                dotted = engine_object(owner, names)
                assert dotted, f"{ast.unparse(node)}: import the engine's module by its name"
                for keyword in keywords:
                    assert keyword.arg, f"{ast.unparse(node)}: name the functions one by one"
                    yield f"{dotted}.{keyword.arg}"


def assigned(targets: list[ast.expr], names: dict[str, str]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            yield from assigned(target.elts, names)
        elif isinstance(target, ast.Attribute) and (dotted := engine_object(target, names)):
            yield dotted


def overridden(bases: list[str | None], body: list[ast.stmt]) -> Iterator[str]:
    for base in filter(None, bases):
        for statement in body:
            if isinstance(statement, ast.FunctionDef) and hasattr(original(base), statement.name):
                yield f"{base}.{statement.name}"


def test_every_replaced_function_is_listed() -> None:
    listed = {canonical_name(original(entry.name)) for entry in REPLACED}
    found = {
        canonical_name(original(name)): module.name
        for module in MODULES
        for name in replacements(module.read_text("utf-8"))
    }
    assert len(found) >= 10
    assert {name: module for name, module in found.items() if name not in listed} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "inline.strut = None",
        "inline.a, inline.strut = None, None",
        "import weasyprint.layout.inline as lines\nlines.strut = None",
        "import weasyprint.layout\nweasyprint.layout.inline.strut = None",
        'setattr(inline, "strut", None)',
        "del inline.strut",
        "def f():\n    with replaced(inline, strut=None):\n        pass",
        "from weasyprint.text.line_break import Layout\nLayout.setup = None",
        "from weasyprint import HTML\nclass Own(HTML):\n    def render(self): ...",
    ],
)
def test_a_replacement_is_found(statement: str) -> None:
    source = f"from weasyprint.layout import inline\n{statement}"
    expected = {
        "weasyprint.layout.inline.a",
        "weasyprint.layout.inline.strut",
        "weasyprint.text.line_break.Layout.setup",
        "weasyprint.HTML.render",
    }
    assert set(replacements(source)) & expected


@pytest.mark.parametrize("statement", ["setattr(inline, name, f)", "replaced(inline, **functions)"])
def test_a_replacement_without_a_name_is_refused(statement: str) -> None:
    with pytest.raises(AssertionError):
        list(replacements(f"from weasyprint.layout import inline\n{statement}"))
