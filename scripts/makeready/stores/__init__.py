"""Store rules: what each e-book store accepts, as data with its sources."""
