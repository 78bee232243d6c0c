"""Tests of the measures: reference table, cross-checks, properties, planted faults."""
