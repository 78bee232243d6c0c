"""Writes of the middle floor that touch several rows: keyword-only functions named verb_object."""
