"""The typesetting engine: everything that touches WeasyPrint, which no other room imports.

Most modules import WeasyPrint, which is slow and must happen after fontconfig is sealed
(`makeready.fonts.seal_fontconfig`). `messages`, `resources`, `section_job`, `start_up` and
`versions` do not, so that other rooms can import them at any time.
"""
