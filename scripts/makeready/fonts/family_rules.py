"""What stylesheets say of families: by their roles, and by the scripts that they set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from makeready.fonts.font import CODE, HEADINGS, ROLES, SANS, TEXT, Font, family_for
from makeready.fonts.scripts import scripts

_GENERIC = {TEXT: "serif", HEADINGS: "serif", SANS: "sans-serif", CODE: "monospace"}
_VARIABLE = re.compile(rf"var\(\s*--font-({'|'.join(ROLES)})\s*(?:,[^()]*)?\)")
_SMALL_LETTERS_NOT_SPACED = "body .lead-in, body .smallcaps { letter-spacing: normal; }\n"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CODE = ("code", "kbd", "samp", "pre")


def role_rules(fonts: Sequence[Font]) -> str:
    """Return the rules for pages: ``--font-text`` and its like, and those of `family_rules`."""
    variables = "".join(f"--font-{role}: {stack(fonts, role)};" for role in ROLES)
    return f":root {{ {variables} }}\n{family_rules(fonts)}"


def with_families(css: str, fonts: Sequence[Font]) -> str:
    """Return rules with the families in place of ``var(--font-text)`` and its like.

    Many reading systems do not know variables.
    """
    return _VARIABLE.sub(lambda match: stack(fonts, match[1]), css)


def stack(fonts: Iterable[Font], role: str, *first: str) -> str:
    """Return the families for a role as CSS has them, after some that come first."""
    fonts = list(fonts)
    family = family_for(fonts, role)
    is_sans = role != CODE and any(f.family == family and SANS in f.roles for f in fonts)
    generic = _GENERIC[SANS] if is_sans else _GENERIC[role]
    families = dict.fromkeys((*first, family))
    return ", ".join([*(f'"{name}"' for name in families if name), generic])


def family_rules(fonts: Sequence[Font], *, for_ebook: bool = False) -> str:
    """Return the rules that set headings and some languages in families of their own.

    Small capitals that a family lacks are ordinary letters, which no typographer spaces, and in an
    e-book they are not made of capitals.

    The language is that of the element or of one around it. Within a text of such a language, one
    of another is set in the families for all; code always is.
    """
    text = [font for font in fonts if {TEXT, HEADINGS} & set(font.roles)]
    faked = not all(font.has_small_capitals for font in text)
    heads = family_for(fonts, HEADINGS) != family_for(fonts, TEXT)
    rules = [_SMALL_LETTERS_NOT_SPACED] if faked else []
    rules += ["body { font-synthesis-small-caps: none; }\n"] if faked and for_ebook else []
    rules += [_rule(", ".join(_HEADINGS), stack(fonts, HEADINGS))] if heads else []
    families = {code: font.family for font in fonts for code in font.scripts}
    if families:
        rules.append(_rule("[lang]", stack(fonts, TEXT)))
        rules += [_rule(_each(_HEADINGS, "[lang]"), stack(fonts, HEADINGS))] if heads else []
        # The more special a language is, the later its rule: zh-Hant after zh.
        tags = ((tag, name) for code, name in families.items() for tag in scripts()[code].languages)
        named = ((f'[lang*="-{code.capitalize()}"]', (name,)) for code, name in families.items())
        chosen: list[tuple[str, tuple[str, ...]]] = [
            *((f'[lang|="{tag}"]', (name,)) for tag, name in sorted(tags)),
            # What a tag says of the script comes before what is usual: sr-Latn.
            ('[lang*="-Latn"]', ()),
            *named,
        ]
        for here, family in chosen:
            rules.append(_rule(f"{here}, {here} > body", stack(fonts, TEXT, *family)))
            if heads:
                headings = f"{_each(_HEADINGS, here)}, {here} " + f", {here} ".join(_HEADINGS)
                rules.append(_rule(headings, stack(fonts, HEADINGS, *family)))
        rules.append(_rule(_each(_CODE, "[lang]"), stack(fonts, CODE)))
    return "".join(rules)


def _each(elements: Iterable[str], attribute: str) -> str:
    return ", ".join(f"{element}{attribute}" for element in elements)


def _rule(selector: str, families: str) -> str:
    return f"{selector} {{ font-family: {families}; }}\n"
