"""`manage.py up`: from a fresh checkout to a served site, and the same again every time after."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from course import sqlite
from course.catalogues import compile_catalogues
from course.checks import refuse_unsafe_start
from course.env_values import host_of, is_loopback
from course.services.retention import purge_expired

DEMO_NAMES = ("learner", "trainer", "admin")
WORKERS, THREADS = 2, 4


class Command(BaseCommand):
    """Brings everything up to date, then becomes the web server. Safe to repeat."""

    help = "Prepare the databases, the content and the static files, then serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options an operator may need."""
        parser.add_argument("--bind", help="address:port; default 127.0.0.1:$PORT (8000)")
        parser.add_argument("--no-serve", action="store_true", help="prepare only")
        parser.add_argument("--no-demo", action="store_true", help="no demo people")

    def handle(self, *_: Any, **options: Any) -> None:
        """Prepare, tell where to go, serve."""
        address = options["bind"] or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
        if not options["no_serve"]:
            refuse_address(address)
        self.prepare()
        if demo_is_allowed() and not options["no_demo"]:
            self.show_demo()
        if options["no_serve"]:
            return
        self.stdout.write(f"\nKenali is at {settings.KENALI_SITE_URL}/   (stop it with Ctrl-C)")
        self.stdout.flush()
        connections.close_all()
        os.execv(sys.executable, server_command(address))

    def prepare(self) -> None:
        """Everything that must be so before the first request; each step may be repeated."""
        compile_catalogues([Path(folder) for folder in settings.LOCALE_PATHS])
        for alias in settings.DATABASES:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        refuse_unsafe_start()
        purge_expired(at=timezone.now())
        for database in sqlite.sqlite_files().values():
            sqlite.checkpoint(database)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_content", stdout=self.stdout)

    def show_demo(self) -> None:
        """Demo people, and a link for each of them that signs in once."""
        call_command("seed_demo", stdout=self.stdout)
        self.stdout.write("\nSign in with one of these links; each works once:")
        for name in DEMO_NAMES:
            self.stdout.write(f"  {name:8}", ending=" ")
            call_command("sign_in_link", name, stdout=self.stdout)


def demo_is_allowed() -> bool:
    """Demo people belong on one's own machine only: their links are printed for anybody to use."""
    return is_loopback(host_of(settings.KENALI_SITE_URL))


def refuse_address(address: str) -> None:
    """CommandError when `address` would show plain HTTP to others, or is taken."""
    host, _, port = address.rpartition(":")
    shielded = settings.KENALI_SITE_URL.startswith("https://") or settings.KENALI_TRUSTED_NETWORK
    if not is_loopback(host) and not shielded:
        raise CommandError(
            f"{address} can be reached from other machines over plain HTTP. Put a proxy with "
            "https in front (KENALI_SITE_URL), or set KENALI_TRUSTED_NETWORK=1."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except (OSError, ValueError, OverflowError) as error:
            raise CommandError(f"{address} cannot be used ({error}); try PORT=8001.") from error


def server_command(address: str) -> list[str]:
    """The arguments that start gunicorn in this environment.

    No control socket: it would let any process of this user stop the server. No preloading: each
    worker opens its own database connections.
    """
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "course.wsgi",
        f"--bind={address}",
        "--worker-class=gthread",
        f"--workers={WORKERS}",
        f"--threads={THREADS}",
        "--timeout=30",
        "--graceful-timeout=20",
        "--no-control-socket",
        f"--chdir={settings.BASE_DIR}",
        "--access-logfile=-",
        "--logger-class=course.server_log.ServerLog",
        "--log-level=warning",
    ]
