"""Code cells of R that only show an image file, as Markdown's image, and figures made by cells."""

from __future__ import annotations

import html
import re

from makeready.importing.outline import Fence, outline_of

_SHOWN = re.compile(
    r"\s*(?:knitr::)?include_graphics\(\s*(?:path\s*=\s*)?"
    r"(?:[\"']([^\"'\n]{1,500})[\"']|c\(([^()]{1,4000})\))[^()]{0,300}\)\s*"
)
_QUOTED = re.compile(r"\"([^\"\n]{1,500})\"|'([^'\n]{1,500})'")
_OPTION = re.compile(r"#\|[ \t]*([\w.-]{1,40})[ \t]*:[ \t]*(.*)")
_MORE = re.compile(r"#\|[ \t]{2,}(.*)|#\|[ \t]*$")
_IN_HEADER = re.compile(
    r"([\w.]{1,40})[ \t]*=[ \t]*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'"
    r"|(c\([^()]{0,2000}\)|[^,{}]{1,100}))"
)
_REFERENCE = re.compile(
    r"\[?-?@(?P<quarto>(?:fig|tbl|lst)-[\w-]{1,100})\]?"
    r"|\\@ref\((?:fig|tab):(?P<bookdown>[\w.-]{1,100})\)"
    r"|\{(?:num)?ref\}`(?P<myst>[\w:.-]{1,100})`|\[\]\(#?(?P<link>[\w:.-]{1,100})\)"
    r"|\[\]\{(?:num)?ref\}(?P<role>[\w:.-]{1,100})"
)
_MYST_CELL = re.compile(r"\{code-cell\}")
_MYST_NAME = re.compile(
    r"^(?:[ ]+name|[ ]*:?(?:name|label)):[ \t]*[\"']?([\w:.-]{1,100})", re.MULTILINE
)
_MYST_OPTIONS = re.compile(r"\s*---[ \t]*\n(.{0,5000}?)\n[ \t]*---[ \t]*\n", re.DOTALL)
_MYST_LINES = re.compile(r"(?:[ \t]*:[\w-]+:[^\n]*\n)*")
_PLAIN = str.maketrans('"[]{}', "”()()", "`*")
_FALSE = frozenset({"F", "FALSE"})
_LABEL = re.compile(r"\{r[ ,]+(?:label[ \t]*=[ \t]*[\"']?)?([\w:.-]{1,100})[\"']?[ \t]*(?=[,}])")


def with_figures(text: str) -> str:
    """Return a text in which cells that only show an image file are images; no line is added."""
    lines = text.split("\n")
    for fence in outline_of(text).fences:
        if not re.match(r"\{r\b", fence.info):
            continue
        image = _image(fence)
        if image:
            end = fence.line + fence.content.count("\n") + 1
            count = len(lines[fence.line - 1 : end])
            # In a list or a quotation it stays there.
            before = lines[fence.line - 1].partition("```")[0]
            lines[fence.line - 1 : end] = [before + image, *[before.rstrip()] * (count - 1)]
    return "\n".join(lines)


def labels_of_cells(text: str) -> set[str]:
    """Return the labels of the cells whose figures and tables are made by running them."""
    labels = set()
    for fence in outline_of(text).fences:
        if re.match(r"\{(?:r|python|julia|ojs)\b", fence.info) and not _image(fence):
            labels.add(_options(fence)[0].get("label", ""))
        elif _MYST_CELL.match(fence.info):
            options = _MYST_OPTIONS.match(fence.content) or _MYST_LINES.match(fence.content)
            labels.update(_MYST_NAME.findall(options[0] if options else ""))
    return labels - {""}


def without_references(text: str, labels: set[str], words: str) -> str:
    """Return a text in which words stand where it refers to a cell with one of these labels."""

    def replaced(match: re.Match[str]) -> str:
        label = next(filter(None, match.groups()))
        return words if label.rstrip(".") in labels else match[0]

    return _REFERENCE.sub(replaced, text) if labels else text


def _image(fence: Fence) -> str:
    """Return the image that a cell shows; empty if it does something else."""
    options, code = _options(fence)
    shown = _SHOWN.fullmatch("\n".join(line for line in code if not line.startswith("#")))
    if shown is None or options.get("include") == "false":
        return ""
    if shown[2]:
        return _figure_of_several(shown[2], options)
    path = shown[1].replace(" ", "%20")
    caption, described = _caption(options.get("fig-cap", "")), _plain(options.get("fig-alt", ""))
    if not caption:
        return f"![{described}]({path})"
    label = _label_of(options)
    attributes = [f"#{label}"] if label else []
    if described or not label:
        # With a label of a figure or this attribute, the words in the brackets are the caption.
        attributes.append(f'fig-alt="{described or _plain(caption)}"')
    width = options.get("out-width", "")
    if re.fullmatch(r"\d{1,3}%", width):
        attributes.append(f"width={width}")
    return f"![{caption}]({path}){{{' '.join(attributes)}}}"


def _label_of(options: dict[str, str]) -> str:
    label = options.get("label", "")
    return label if not label or label.startswith("fig-") else f"fig:{label}"


def _figure_of_several(names: str, options: dict[str, str]) -> str:
    """Return several images beside each other as a figure of HTML, on one line.

    With a caption for each, they are figures of their own, whose labels are numbered.
    """
    paths = _strings(names)
    if not paths:
        return ""
    captions = _strings(options.get("fig-subcap", ""))
    described = _strings(options.get("fig-alt", ""))
    caption = options.get("fig-cap", "")
    width = options.get("out-width", "")
    size = f' width="{width}"' if re.fullmatch(r"\d{1,3}%", width) else ""
    each = _strings(caption) if caption.startswith("c(") else []
    if len(each) == len(paths) and not captions:
        captions, caption = each, ""
    images = []
    label = _label_of(options)
    for number, path in enumerate(paths):
        own = captions[number] if number < len(captions) else ""
        alt = described[number] if number < len(described) else own or caption
        image = (
            f'<img src="{html.escape(path.replace(" ", "%20"))}" alt="{html.escape(alt)}"{size}>'
        )
        anchor = f' id="{html.escape(label)}-{number + 1}"' if label and each and own else ""
        images.append(
            f"<figure{anchor}>{image}<figcaption>{html.escape(own)}</figcaption></figure>"
            if own
            else image
        )
    if each and not caption:
        return "".join(images)
    columns = options.get("fig-ncol") or options.get("layout-ncol", "")
    attributes = f' id="{html.escape(label)}"' if label and caption else ""
    attributes += f' layout-ncol="{columns}"' if columns.isdecimal() else ""
    around = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return f"<figure{attributes}>{''.join(images)}{around}</figure>"


def _strings(text: str) -> list[str]:
    """Return the texts in quotation marks in a list of R or YAML."""
    return [one or two for one, two in _QUOTED.findall(text)]


def _options(fence: Fence) -> tuple[dict[str, str], list[str]]:
    """Return the options of a cell, of its header and of its lines, and its code."""
    options = {
        key.replace(".", "-"): one or two or ("false" if three.strip() in _FALSE else three.strip())
        for key, one, two, three in _IN_HEADER.findall(fence.info)
    }
    if (label := _LABEL.match(fence.info)) is not None:
        options["label"] = label[1]
    code, key = [], ""
    for line in fence.content.split("\n"):
        if (found := _OPTION.match(line)) is not None:
            key = found[1].replace(".", "-")
            options[key] = found[2].strip().strip("|>").strip().strip("\"'")
        elif key and (more := _MORE.match(line)) is not None:
            options[key] = f"{options[key]} {(more[1] or '').strip()}".strip()
        else:
            key = ""
            code.append(line)
    return options, code


def _caption(text: str) -> str:
    """Return a caption in Markdown, on one line and with brackets in pairs."""
    caption = " ".join(text.split())
    depth = 0
    for bracket in re.findall(r"[\[\]]", caption):
        depth += 1 if bracket == "[" else -1
        if depth < 0:
            break
    return caption if depth == 0 else caption.replace("[", "(").replace("]", ")")


def _plain(text: str) -> str:
    """Return a description that stands between quotation marks, without marks of Markdown."""
    return " ".join(text.translate(_PLAIN).split())
