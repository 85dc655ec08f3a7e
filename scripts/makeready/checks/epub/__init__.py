"""Checks of finished EPUBs, against the standard and the stores."""
