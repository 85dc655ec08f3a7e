"""One run of the program: what is requested, made, checked and written down."""
