"""Loops over long arrays: compiled where that is worth it, and shared among threads (layer 1)."""
