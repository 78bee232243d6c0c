"""The same door for an asynchronous server. Nothing here needs one; gunicorn is what is tested."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")
application = get_asgi_application()

from course.checks import refuse_unsafe_start  # noqa: E402 -- needs the loaded apps

refuse_unsafe_start()
