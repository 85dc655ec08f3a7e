"""Reading of finished files for the checks."""
