"""The fonts of a book: static instances from pinned packages, and a sealed fontconfig."""

from makeready.fonts.font import Font, fallback_font
from makeready.fonts.sealing import exact_library_names, seal_fontconfig

__all__ = ["Font", "exact_library_names", "fallback_font", "seal_fontconfig"]
