"""ASCII names for files and anchors, made from titles in any script."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

# Cyrillic by the common passport spelling, Kazakh letters by their nearest Latin sound, and
# Latin letters that Unicode does not decompose into a letter and an accent.
_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
        "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ә": "a", "ғ": "gh",
        "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ı": "i", "’": "", "'": "",
    }
)  # fmt: skip


def slug_of(text: str) -> str:
    """Return ``text`` as lower-case ASCII words joined by hyphens; empty if nothing is left."""
    # NFKD decomposes Cyrillic й and ё, so letters are transliterated before it and after.
    transliterated = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", transliterated).translate(_LETTERS)
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    # Letters of a script that is not transliterated are dropped, and separate no words.
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def file_slug(title: str) -> str:
    """Return the slug of a title, or a name with its digest if nothing of it is left."""
    return slug_of(title)[:80].strip("-") or f"book-{sha256(title.encode()).hexdigest()[:8]}"
