"""Tests of the quizzes floor."""
