"""The content of PDF pages: boxes, resources, colour spaces, and the state content is painted in.

A room below both ``pdf``, which rewrites content for the press, and ``checks``, which judges
finished files and so knows nothing of how ours are made: both read the same operators, and
have to agree on what they mean.
"""
