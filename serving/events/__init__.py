"""Answers arrive here."""
