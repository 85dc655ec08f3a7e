"""Raster images: opened safely, turned upright, their colours converted by their profiles."""
