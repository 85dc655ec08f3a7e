"""Checks on finished files: what is read is what will be uploaded, not what was intended."""
