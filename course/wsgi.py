"""The door for a web server, `gunicorn course.wsgi`. It stays shut on unsafe settings."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")
application = get_wsgi_application()

from course.checks import refuse_unsafe_start  # noqa: E402 -- needs the loaded apps

refuse_unsafe_start()

# What was loaded by now lives as long as the process: the collector need not walk it each time.
gc.collect()
gc.freeze()
