"""Floor 1: what everybody shares.

The framework that is taught, the people, access, audit and the frame of the site. It knows nothing
of quizzes or modules; `settings.py` and `urls.py` name the upper floors as strings.
"""
