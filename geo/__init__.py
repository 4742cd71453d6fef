"""parksite: which industrial role a place in Shenzhen has, and whether a site fits it."""

__version__ = "0.1.0"
