"""What each e-book store accepts, as data with its sources."""
