"""Checks of finished files, which read what will be uploaded and not what was intended."""
