"""The PDF editions: typeset section by section, put together, finished."""
