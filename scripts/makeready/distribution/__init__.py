"""The folders that are uploaded, a printer each."""
