"""The upload folders, one for each printer and store."""
