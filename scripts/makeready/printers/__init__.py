"""Printer profiles: what each printer accepts, as data with its sources."""
