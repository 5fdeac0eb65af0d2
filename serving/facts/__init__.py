"""Curriculum and roster, under the caller's own ids."""
