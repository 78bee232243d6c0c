"""Writes of the top floor that touch several rows: keyword-only functions named verb_object."""
