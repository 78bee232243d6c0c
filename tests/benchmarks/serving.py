"""Real servers on a real database, and a client that measures them."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 1, 4  # one worker: the second core is for the client


def site_environment(data_dir: Path) -> dict[str, str]:
    """The shell's variables with a data directory of its own, and nothing else of Kenali's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KENALI_")}
    kept.pop("DATABASE_URL", None)
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"KENALI_DATA_DIR": str(data_dir), "KENALI_NO_BOOTSTRAP": "1"}


def manage(environment: dict[str, str], *words: str) -> str:
    """Run one of the project's commands; its output. Raises AssertionError with what it said."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words[0]}: {done.stderr}"
    return done.stdout


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str], *, path: str) -> Iterator[int]:
    """Gunicorn as `manage.py up` starts it, but with one worker; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}"]
    command += ["--worker-class=gthread", f"--workers={WORKERS}", f"--threads={THREADS}"]
    command += ["--no-control-socket", "--log-level=warning", f"--chdir={ROOT}"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment | {"PORT": str(port)}, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_until_answered(port, path)
            yield port
        finally:
            server.terminate()


def wait_until_answered(port: int, path: str, seconds: float = 30) -> None:
    """Return when the server answers anything at all. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    raise TimeoutError(f"no answer on port {port}")


@dataclass(frozen=True)
class Figures:
    """One page under load: requests per second, and milliseconds at the median and the 99th."""

    per_second: float
    p50: float
    p99: float


def measure(port: int, path: str, cookie: str, *, requests: int, clients: int) -> Figures:
    """Ask `requests` times over `clients` open connections at once; each answer must be 200."""
    each = requests // clients
    times: list[float] = []
    wrong: list[str] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(each):
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                wrong.append(f"{answer.status} {answer.getheader('Location')}")
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    if wrong or len(times) != each * clients:
        raise AssertionError(f"{path}: {len(times)} answers, wrong: {wrong[:3]}")
    times.sort()
    return Figures(
        per_second=len(times) / taken,
        p50=1000 * median(times),
        p99=1000 * times[min(len(times) - 1, int(len(times) * 0.99))],
    )


def measure_once(port: int, path: str, cookie: str) -> float:
    """Seconds of one request, with a connection of its own. Raises AssertionError unless 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"{path}: {answer.status} {answer.getheader('Location')}")
    return taken


def middle(figures: list[Figures]) -> Figures:
    """The median of each figure over several rounds."""
    return Figures(
        per_second=median(one.per_second for one in figures),
        p50=median(one.p50 for one in figures),
        p99=median(one.p99 for one in figures),
    )
