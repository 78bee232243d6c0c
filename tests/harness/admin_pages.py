"""`python -m tests.harness.admin_pages`: the administration pages of a site with KENALI_ADMIN=1.

Whether they exist is decided when the settings are read, so this runs in a process of its own, on a
throw-away data directory. Prints one JSON object: address -> what each persona got.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime

PAGES = (
    "/administration/",
    "/administration/course/",
    "/administration/course/user/",
    "/administration/course/user/?q=mel&is_active__exact=1",
    "/administration/course/user/{user}/change/",
    "/administration/course/organization/",
    "/administration/course/organization/{organization}/change/",
    "/administration/jsi18n/",
)
CLOSED = (
    "/administration/login/",
    "/administration/password_change/",
    "/administration/course/user/add/",
    "/administration/course/user/{user}/delete/",
    "/administration/course/user/{user}/password/",
)
WRITES = (
    "/administration/login/",
    "/administration/course/user/add/",
    "/administration/course/user/{user}/change/",
    "/administration/course/user/{user}/delete/",
)


def prepare() -> dict[str, str]:
    """Tables, an operator, an administrator of an organisation; returns the ids for addresses."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from course.models import Membership, Organization, User

    for alias in ("default", "transient"):
        call_command("migrate", database=alias, verbosity=0)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    house = Organization.objects.create(key="harbour", name="Harbour", created_at=at)
    for name in ("operator", "administrator"):
        user = User.objects.create(
            username=name, password=make_password(None), email="canary@example.org", joined_at=at
        )
        Membership.objects.create(organization=house, user=user, role="administrator", joined_at=at)
    call_command("operator", "OPERATOR", verbosity=0, stdout=sys.stderr)
    operator = User.objects.get(username="operator")
    return {"user": str(operator.pk), "organization": str(house.pk)}


def look() -> dict[str, object]:
    """Ask for every page as everybody."""
    from django.test import Client

    from course.models import User

    ids = prepare()
    found: dict[str, object] = {"ids": ids}
    for persona in ("anonymous", "administrator", "operator"):
        client = Client(HTTP_HOST="127.0.0.1")
        if persona != "anonymous":
            client.force_login(User.objects.get(username=persona))
        answers = {}
        for method, pages in (("GET", PAGES + CLOSED), ("POST", WRITES)):
            for page in pages:
                address = page.format(**ids)
                answer = getattr(client, method.lower())(address)
                answers[f"{method} {page}"] = {
                    "status": answer.status_code,
                    "to": answer.headers.get("Location", ""),
                    "policy": answer.headers.get("Content-Security-Policy", ""),
                    "cache": answer.headers.get("Cache-Control", ""),
                    "body": answer.content.decode(),
                }
        found[persona] = answers
    found["names"] = sorted(User.objects.values_list("username", flat=True))
    return found


def main() -> int:
    """Make the environment, then look."""
    folder = tempfile.mkdtemp(prefix="kenali-admin-")
    os.environ |= {"KENALI_ADMIN": "1", "KENALI_DATA_DIR": folder}
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.harness.admin_settings"
    try:
        import django

        django.setup()
        print(json.dumps(look()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
