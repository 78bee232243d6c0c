"""Tests in a real Chromium, on pytest-django's live server. `make test-browser` runs them."""
