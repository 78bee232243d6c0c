"""Tests of the framework: reading, wording, rules."""
