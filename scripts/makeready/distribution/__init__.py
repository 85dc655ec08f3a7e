"""The folders that are uploaded, one for each printer and store."""
