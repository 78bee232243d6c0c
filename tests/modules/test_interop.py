"""Paper and credential: tagged, the same bytes each time, and believed by a stranger's program."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from modules.certificates import Choices, certificate_document
from modules.interop.badges import claims, credential
from modules.interop.paper import TEMPLATE, Paper, draw_pdf, square_code
from modules.interop.signing import KeyProblem, KeyRing, public_jwk
from modules.outline import Outline
from modules.typesetting import MORE_FONTS, NoLetters, compile_pdf
from modules.wording import certificate_texts

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DATES = {"completed": AT, "issued": AT, "expires": AT.replace(year=2027)}
NUMBER = UUID("0192d3c4-1111-4222-8333-abcdefabcdef")
SITE = "https://course.example.org"
ADDRESS = f"{SITE}/verify/{NUMBER}/"
KEYS = f"{SITE}/verify/keys.json"
VERIFIER = Path(__file__).with_name("verify_credential.mjs")


def document(**choices: Any) -> dict[str, Any]:
    texts = certificate_texts(Outline(()), dates=DATES, shortened=False, months=12)
    return certificate_document(
        choices=Choices(**choices),
        organization="Harbour House",
        dates=DATES,
        completion={},
        texts=texts,
    )


def sheet(name: str = "Aisyah", language: str = "en") -> Paper:
    return Paper(
        words=document()["texts"][language],
        language=language,
        name=name,
        organization="Harbour House",
        number=str(NUMBER),
        address=ADDRESS,
        issued_at=AT,
    )


# --- paper ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ms"])
def test_the_paper_is_tagged_and_says_its_language(language: str) -> None:
    made = draw_pdf(sheet(language=language))
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/MarkInfo" in made
    assert f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li>".encode() in made
    assert b"Kenali</rdf:li>" in made  # a title, for the window and for a screen reader


def test_the_same_certificate_is_the_same_bytes() -> None:
    assert draw_pdf(sheet()) == draw_pdf(sheet())
    assert draw_pdf(sheet()) != draw_pdf(sheet("Somebody else"))


@pytest.mark.parametrize("name", ["#evil[x]", "$ a $", "\\ *b* _c_", '"', "@a <b> //", "%s {0}"])
def test_a_name_is_never_markup(name: str) -> None:
    assert len(draw_pdf(sheet(name))) > 10_000


def test_letters_without_a_font_are_told_and_not_drawn_as_boxes() -> None:
    """A sign that means nothing yet, which no font of any machine has."""
    with pytest.raises(NoLetters):
        draw_pdf(sheet("a\U0003ff00b"))


def test_other_scripts_are_looked_for_on_the_machine() -> None:
    name = "Ωμέγα"  # in the fonts of the library already
    assert draw_pdf(sheet(name))
    data = {**_data(), "name": "王"}
    with pytest.raises(NoLetters):
        compile_pdf(TEMPLATE, data, MORE_FONTS[:1], AT, of_machine=False)


def _data() -> dict[str, Any]:
    one = sheet()
    return {
        "words": one.words,
        "language": "en",
        "name": "",
        "organization": "",
        "issuer": "Kenali",
        "number": "1",
        "address": ADDRESS,
        "qr": square_code(ADDRESS),
    }


def test_the_square_code_keeps_to_the_content_policy() -> None:
    svg = square_code(ADDRESS)
    assert svg.startswith("<svg ")
    assert not re.search(r"style=|<style|<script|href=|onload", svg)


# --- credential -----------------------------------------------------------------------------------


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "credential-keys")


def token(ring: KeyRing, name: str = "Aisyah", **choices: Any) -> str:
    held = document(**choices)
    made = credential(address=ADDRESS, site=SITE, document=held, name=name, language="en")
    return ring.sign(claims(made, held), key_address=KEYS)


def ask_node(credential: str, keys: list[dict[str, str]]) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("KENALI_TEST_REQUIRE_ALL"):
            pytest.fail("no node")
        pytest.skip("no node")
    return subprocess.run(
        [node, str(VERIFIER), credential, json.dumps({"keys": keys})],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_stranger_in_another_language_believes_it(ring: KeyRing) -> None:
    answer = ask_node(token(ring), ring.public_keys(key_address=KEYS))
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert told["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["id"] == told["jti"] == ADDRESS
    assert told["iss"] == told["issuer"]["id"] == f"{SITE}/"
    assert told["sub"] == told["credentialSubject"]["id"]
    assert (told["validFrom"], told["validUntil"]) == (
        "2026-11-24T09:00:00Z",
        "2027-11-24T09:00:00Z",
    )
    assert (told["nbf"], told["exp"]) == (
        int(AT.timestamp()),
        int(AT.replace(year=2027).timestamp()),
    )


def test_a_stranger_refuses_what_was_changed(ring: KeyRing, tmp_path: Path) -> None:
    good = token(ring)
    keys = ring.public_keys(key_address=KEYS)
    head, body, signature = good.split(".")
    payload = json.loads(base64.urlsafe_b64decode(body + "=="))
    payload["validUntil"] = "2099-01-01T00:00:00Z"
    forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    answer = ask_node(f"{head}.{forged}.{signature}", keys)
    assert answer.returncode != 0
    assert "signature" in answer.stderr
    # Signed by somebody else's key, under our name.
    other = KeyRing(tmp_path / "other")
    foreign = ask_node(token(other), keys)
    assert foreign.returncode != 0
    assert "no such key" in foreign.stderr
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(
            f"{head}.{forged}.{signature}",
            jwt.PyJWK(keys[0]).key,
            algorithms=["EdDSA"],
            options={"verify_exp": False},
        )


def test_strangers_read_only_what_the_holder_chose(ring: KeyRing) -> None:
    def read(made: str) -> str:
        return base64.urlsafe_b64decode(made.split(".")[1] + "==").decode()

    silent = read(token(ring))
    assert "Aisyah" not in silent
    assert "Harbour" not in silent
    open_one = read(token(ring, public_name=True, public_organization=True))
    assert "Aisyah" in open_one
    assert "Harbour House" in open_one
    assert "Aisyah" not in read(token(ring, name="", public_name=True))


def test_the_key_is_private_made_once_and_replaced_by_removing_it(ring: KeyRing) -> None:
    assert ring.public_keys(key_address=KEYS) == []
    old = token(ring)
    assert token(ring) == old
    path = ring.folder / "private.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700
    assert sorted(one.suffix for one in ring.folder.iterdir()) == [".json", ".pem"]
    path.unlink()
    new = token(ring)
    keys = ring.public_keys(key_address=KEYS)
    assert len(keys) == 2
    for one in (old, new):
        assert ask_node(one, keys).returncode == 0
    private = load_pem_private_key(path.read_bytes(), password=None)
    seed = public_jwk(private.public_key())["x"]  # type: ignore[arg-type]
    assert seed in {key["x"] for key in keys}
    assert all("d" not in key for key in keys)


def test_a_key_that_others_can_read_is_refused(ring: KeyRing) -> None:
    token(ring)
    (ring.folder / "private.pem").chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        token(ring)
