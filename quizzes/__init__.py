"""Floor 2: how recognition is tested.

Items and their kinds, scoring and measurement, quizzes, attempts and evidence. Only the door is
here so far; see docs/explanation for what comes next. It may import `course`, never `modules`.
"""
