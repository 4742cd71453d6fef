"""Inputs that are broken or mean harm, each made by a function, with what parksite must answer."""
