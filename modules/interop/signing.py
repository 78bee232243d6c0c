"""The key that signs credentials: Ed25519, in a folder of the data directory, never elsewhere.

`private.pem` signs; `<kid>.json` is the public half of each key that ever signed here. To change
the key, remove `private.pem`: the next credential makes a new one, and the public half of the old
one stays, so that what it signed can still be checked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from course.env_values import is_open_to_others

FOLDER: Final = "credential-keys"
PRIVATE: Final = "private.pem"
ALGORITHM: Final = "EdDSA"


class KeyProblem(RuntimeError):
    """The key cannot be used; the text is for the operator and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in one folder."""

    folder: Path

    def sign(self, payload: Mapping[str, Any], *, key_address: str) -> str:
        """A compact JWS. `key_address`: where the public keys are; the header names ours there."""
        key = self._private_key()
        kid = self._publish(key.public_key())
        headers = {"kid": f"{key_address}#{kid}", "typ": "JWT"}
        return jwt.encode(dict(payload), key, algorithm=ALGORITHM, headers=headers)

    def public_keys(self, *, key_address: str) -> list[dict[str, str]]:
        """Every public key that ever signed here, as JSON Web Keys, in a stable order."""
        if not self.folder.is_dir():
            return []
        keys = [json.loads(file.read_text()) for file in sorted(self.folder.glob("*.json"))]
        return [{**key, "kid": f"{key_address}#{key['kid']}"} for key in keys]

    def _private_key(self) -> Ed25519PrivateKey:
        path = self.folder / PRIVATE
        if not path.exists():
            self._make(path)
        if is_open_to_others(path):
            raise KeyProblem(f"{path} is open to other users; run `chmod 600 {path}`.")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyProblem(f"{path} is not an Ed25519 key.")
        return key

    def _make(self, path: Path) -> None:
        """A new key, unless another process is quicker: then its key is as good."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_once(path, pem)

    def _publish(self, key: Ed25519PublicKey) -> str:
        """Keep the public half for ever; returns its name, the thumbprint of RFC 7638."""
        public = public_jwk(key)
        path = self.folder / f"{public['kid']}.json"
        if not path.exists():
            _write_once(path, json.dumps(public, sort_keys=True).encode())
        return public["kid"]


def public_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """The public half as a JSON Web Key (RFC 8037)."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    needed = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    canonical = json.dumps(needed, sort_keys=True, separators=(",", ":")).encode()
    kid = _base64url(hashlib.sha256(canonical).digest())
    return {**needed, "kid": kid, "use": "sig", "alg": ALGORITHM}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, for the owner only, and never over what is there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
