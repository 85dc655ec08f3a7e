"""Scripts that run before the environment exists, with the standard library alone."""
