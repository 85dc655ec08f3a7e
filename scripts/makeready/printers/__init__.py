"""What each printer accepts, as data with its sources."""
