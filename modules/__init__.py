"""Floor 3: the way through the course and how far each person got.

Lessons, enrolment, progress, home pages and reports. It may import `quizzes` and `course`.
"""
