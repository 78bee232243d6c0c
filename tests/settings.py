"""The real settings, on a throw-away data directory and with what makes tests quick.

pytest-django imports this before any conftest, so the environment is prepared here.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if not os.environ.get("PYTEST_XDIST_WORKER"):  # the workers share the directory of their parent
    # In memory where there is room: waiting for the disk is what the durability tests are about,
    # and they make files of their own.
    memory = "/dev/shm"  # noqa: S108 -- mkdtemp makes a private folder in it
    roomy = Path(memory).is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = tempfile.mkdtemp(prefix="kenali-test-", dir=memory if roomy else None)
    os.environ["KENALI_DATA_DIR"] = folder
    atexit.register(shutil.rmtree, os.environ["KENALI_DATA_DIR"], ignore_errors=True)
os.umask(0o077)  # the site makes its database files private; the runner makes the tests' ones
# Tests decide about the environment themselves; what the shell happens to hold is not read.
for _name in ("KENALI_SITE_URL", "KENALI_DEBUG", "KENALI_ADMIN", "KENALI_ALLOWED_HOSTS"):
    os.environ.pop(_name, None)

from course.settings import *  # noqa: E402, F403 -- exactly the product's settings, then five changes

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; one test uses ours
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # static files straight from the source tree, for the live server
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
KENALI_SPREAD_REVIEWS = False  # due dates by chance cannot be tested
