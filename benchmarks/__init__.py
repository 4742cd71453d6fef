"""Benchmarks of parksite beside what users would pick instead: ``python -m benchmarks``."""
