"""What is written down about requests and errors, and what never is."""

import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from gunicorn.config import Config

from course.logs import JsonFormatter, json_line, without_secrets
from course.management.commands.up import server_command
from course.server_log import ServerLog
from tests.personas import World

CODE = "ABCD-EFGH-JKMN"


def formatted(message: str = "x", error: BaseException | None = None, **extra: Any) -> Any:
    record = logging.makeLogRecord(
        {"name": "some.logger", "levelno": logging.ERROR, "levelname": "ERROR", "msg": message}
        | extra
    )
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return json.loads(JsonFormatter().format(record))


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_a_line_is_json_with_named_fields_only() -> None:
    line = formatted("Not Found: %s", args=("/x",), status_code=404, request="SECRET")
    assert set(line) == {"at", "level", "logger", "message", "status"}
    assert (line["message"], line["status"]) == ("Not Found: /x", "404")
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Not Found: /link/{CODE}/", "Not Found: /link/***/"),
        (f"Not Found: /stop/{CODE}.{CODE}/", "Not Found: /stop/***/"),
        (f"Not Found: /feed/{CODE}.ics", "Not Found: /feed/***"),
        (f"Forbidden: /join/{CODE}/", "Forbidden: /join/***/"),
        ("/organisation/people/?q=mel&page=2 x", "/organisation/people/?*** x"),
        ("Invalid request from ip=192.0.2.7: bad", "Invalid request from ip=*** bad"),
        ("/links/are/fine/", "/links/are/fine/"),
        ("why?", "why?"),
    ],
)
def test_what_is_blotted_out(text: str, kept: str) -> None:
    assert without_secrets(text) == kept
    assert formatted(text)["message"] == kept


def test_an_error_is_named_with_its_place_and_without_its_words() -> None:
    """PostgreSQL quotes the row that broke a rule; Python quotes what could not be read."""
    first = raised(KeyError("canary-one"))
    trace = formatted(error=raised(ValueError("canary-two"), first))["trace"]
    assert trace.startswith("builtins.KeyError at ")
    assert " caused builtins.ValueError at " in trace
    assert "test_logs.py:" in trace
    assert "canary" not in trace


def test_an_error_that_was_never_raised_has_a_line_too() -> None:
    assert formatted(error=ValueError("canary"))["trace"] == "builtins.ValueError at ?"


def test_on_ones_own_machine_the_words_are_kept() -> None:
    record = logging.makeLogRecord({"msg": "x"})
    error = raised(ValueError("the words"))
    record.exc_info = (type(error), error, error.__traceback__)
    line = json.loads(JsonFormatter(quotes_errors=True).format(record))
    assert "ValueError: the words" in line["trace"]


def test_no_value_can_add_a_line() -> None:
    assert "\n" not in json_line(path='a\n{"at": "forged"}')


@pytest.mark.django_db
def test_requests_of_people_leave_no_trace_of_them(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every refusal is logged by Django; none of the lines may name somebody or hold a secret."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    client = Client()
    try:
        client.post("/sign-in/", {"username": "canary-name", "passphrase": "canary words"})
        client.post(f"/link/{CODE}/")
        client.post("/join/", {"code": CODE})
        client.get("/nothing/?who=canary-name")
        Client(enforce_csrf_checks=True).post(f"/link/{CODE}/", {"x": "canary"})
        world.client("learner").get("/organisation/people/?who=canary-name")
    finally:
        logging.getLogger().removeHandler(handler)
    written = capsys.readouterr().out
    assert written.count("Unprocessable") >= 3, "the test must see lines, or it proves nothing"
    assert "sign-in refused" in written
    learner = world.harbour.learner.user
    for secret in ("canary", CODE, "127.0.0.1", learner.username, learner.display_name):
        assert secret not in written


def test_the_server_s_line_has_no_address_and_no_browser(
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = Config()
    config.set("accesslog", "-")
    server_log = ServerLog(config)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f'/link/{CODE}/\n{{"forged": 1}}',
        "QUERY_STRING": "who=canary",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_USER_AGENT": "canary",
    }
    server_log.access(SimpleNamespace(status="200 OK"), None, environ, timedelta(seconds=1.5))
    (text,) = capsys.readouterr().out.splitlines()
    line = json.loads(text)
    assert set(line) == {"at", "level", "logger", "method", "path", "status", "milliseconds"}
    assert (line["status"], line["milliseconds"]) == ("200", 1500)
    assert not {"canary", CODE, "192.0.2.7"} & set(text.replace("/", " ").split())
    config.set("accesslog", None)
    silent = ServerLog(config)
    silent.access(SimpleNamespace(status=200), None, environ, timedelta(0))
    assert capsys.readouterr().out == ""


# --- the server's own lines ---------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 -- our own server
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def wait_for(address: str, server: subprocess.Popen[str]) -> None:
    for _ in range(100):
        assert server.poll() is None, server.communicate()
        try:
            ask(address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer")


@pytest.mark.slow
def test_a_real_server_writes_json_and_no_secret(tmp_path: Path) -> None:
    """The server as `up` starts it: its access log, and what it says about a broken request."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "KENALI_DATA_DIR": str(tmp_path / "data")}
    environment |= {"PORT": str(port), "DJANGO_SETTINGS_MODULE": "course.settings"}
    for verb in (
        ["migrate", "--database=default"],
        ["migrate", "--database=transient"],
        ["collectstatic", "--no-input"],
    ):
        command = [sys.executable, "manage.py", *verb, "-v0"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    command = server_command(f"127.0.0.1:{port}")
    server = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        site = f"http://127.0.0.1:{port}"
        wait_for(f"{site}/healthz", server)
        assert ask(f"{site}/healthz?who=canary") == 200
        ask(f"{site}/link/{CODE}/?who=canary")
        ask(f"{site}/nothing%0A%22canary-line")
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(b"NONSENSE\r\n\r\n")
            raw.recv(1000)
    finally:
        server.terminate()
        written, _ = server.communicate(timeout=30)
    lines = [json.loads(line) for line in written.splitlines()]
    paths = [line.get("path") for line in lines if line["logger"] == "access"]
    assert {"/healthz", "/link/***/"} <= set(paths)
    assert any(line["message"].startswith("Invalid request") for line in lines if "message" in line)
    assert CODE not in written
    assert "who=canary" not in written
    assert "127.0.0.1" not in written
