"""The faces a book is set in: static fonts made from pinned packages, and a sealed fontconfig."""

from makeready.fonts.face import Face
from makeready.fonts.sealing import libraries_by_name, seal_fontconfig

__all__ = ["Face", "libraries_by_name", "seal_fontconfig"]
