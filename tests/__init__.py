"""Tests mirror the apps; see docs/how-to for how to run a part of them."""
