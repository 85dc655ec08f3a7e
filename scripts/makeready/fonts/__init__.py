"""The fonts a book is set in: static fonts made from pinned packages, and a sealed fontconfig."""

from makeready.fonts.font import Font
from makeready.fonts.sealing import libraries_by_name, seal_fontconfig

__all__ = ["Font", "libraries_by_name", "seal_fontconfig"]
