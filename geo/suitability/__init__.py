"""Suitability (layer 5): constraints, criteria, aggregation, robustness.

The numeric core: arrays in, arrays out; no file is opened and nothing is drawn. A
siting model (`model`, made by `parse`) is measured on candidates and layers
(`constraints`, `criteria`), and its utilities are weighed and put in order (`ranking`).
"""
