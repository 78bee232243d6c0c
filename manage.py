#!/usr/bin/env python3
"""Kenali's one command line: `python3 manage.py up` is all a new machine needs.

The first half uses the standard library only. It makes `.venv` and installs the hashed lock into it
whenever the lock has changed, then starts itself again in there. `python3 manage.py install dev`
does that and nothing more. Whoever brings an environment of their own (a container, a distribution
package) sets KENALI_NO_BOOTSTRAP=1.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "kenali-lock"
# Each lock holds everything of the ones before it, so a later one also satisfies an earlier need.
LOCKS = ("runtime", "postgres", "dev")


def fingerprint(lock: str) -> str:
    """Name and SHA-256 of a lock file, as they are kept in the stamp."""
    content = (ROOT / "requirements" / (lock + ".txt")).read_bytes()
    return lock + " " + hashlib.sha256(content).hexdigest()


def missing_lock(needed: str) -> "str | None":
    """The lock that has to be installed so that `needed` is there, or None when it already is."""
    installed = STAMP.read_text().strip() if STAMP.exists() and PYTHON.exists() else ""
    name = installed.split(" ")[0]
    if name not in LOCKS or LOCKS.index(name) < LOCKS.index(needed):
        return needed
    return None if installed == fingerprint(name) else name


def install(lock: str) -> None:
    """Make the environment if needed and put one lock into it; wheels only, so no build runs."""
    print("Installing requirements/%s.txt into .venv ..." % lock, file=sys.stderr, flush=True)
    try:
        if not PYTHON.exists():
            venv.EnvBuilder(with_pip=True, symlinks=True).create(str(ENVIRONMENT))
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        wanted = ["--require-hashes", "--only-binary", ":all:", "-r"]
        lock_file = str(ROOT / "requirements" / (lock + ".txt"))
        subprocess.run([*pip, *wanted, lock_file], check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(
            "The environment could not be made (%s).\nWhat usually helps: a network connection; on "
            "Debian and Ubuntu `apt install python3-venv`; deleting .venv and starting again."
            % error
        )
    STAMP.write_text(fingerprint(lock) + "\n")


def bootstrap(needed: str) -> None:
    """Come back inside `.venv` with the lock installed, or return when there is nothing to do."""
    inside = Path(sys.prefix) == ENVIRONMENT
    if os.environ.get("KENALI_NO_BOOTSTRAP") or (sys.prefix != sys.base_prefix and not inside):
        return
    import fcntl  # noqa: PLC0415 -- `main` has said by now that Windows has none

    with Path(__file__).open() as lock_handle:  # two starts at once must not both run pip
        fcntl.flock(lock_handle, fcntl.LOCK_EX)
        lock = missing_lock(needed)
        if lock:
            install(lock)
    if lock or not inside:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def main() -> None:
    """Bring the environment up to date, then hand over to Django."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file is also read by an older Python
        sys.exit("Kenali needs Python 3.11 or newer; this is %s." % sys.version.split(" ")[0])
    if os.name == "nt":
        sys.exit("Kenali runs on Linux and macOS. On Windows, use the Linux subsystem (WSL).")
    installing = sys.argv[1:2] == ["install"]
    asked = sys.argv[2:3] or ["runtime"]
    postgres = os.environ.get("DATABASE_URL", os.environ.get("DATABASE_URL_FILE", ""))
    needed = asked[0] if installing else ("postgres" if postgres else "runtime")
    if needed not in LOCKS:
        sys.exit("Unknown lock %r; there are: %s" % (needed, ", ".join(LOCKS)))
    bootstrap(needed)
    if installing:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- needs the lock

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
