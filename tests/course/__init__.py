"""Tests of the course floor and of the frame of the site."""
