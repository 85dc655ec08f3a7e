"""What runs before the environment exists: standard library only, no imports of the package."""
