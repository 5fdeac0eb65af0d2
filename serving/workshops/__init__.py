"""Workshops of a class: their times, and who has a seat."""
