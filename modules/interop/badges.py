"""A certificate as an Open Badges 3.0 credential: a mapping, pure; signing is another room's work.

The payload of the signed token (VC-JWT) is the credential itself at top level, with the claims that
the format asks for (iss, jti, nbf, exp, sub). The subject is a pseudonym made from the number of
the certificate: two certificates of one person cannot be joined by it. Name and organisation are in
it only if the holder lets strangers read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


def credential(
    *,
    address: str,
    site: str,
    document: Mapping[str, Any],
    name: str,
    language: str,
) -> dict[str, Any]:
    """The credential. `address` is the public page, `site` the root of the site."""
    words, dates = document["texts"][language], document["dates"]
    public = document["public"]
    subject: dict[str, Any] = {
        "id": uuid5(NAMESPACE_URL, f"{address}#holder").urn,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": uuid5(NAMESPACE_URL, f"{site}/#course").urn,
            "type": ["Achievement"],
            "name": words["course"],
            "description": words["about"],
            "criteria": {"narrative": words["rule"]},
            "inLanguage": language,
        },
    }
    if public["name"] and name:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": name,
                "identityType": "name",
            }
        ]
    issuer = document["organization"] if public["organization"] else "Kenali"
    return {
        "@context": list(CONTEXTS),
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": words["course"],
        "issuer": {"id": f"{site}/", "type": ["Profile"], "name": issuer},
        "validFrom": _stamp(dates["issued"]),
        "validUntil": _stamp(dates["expires"]),
        "credentialSubject": subject,
    }


def claims(payload: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The credential with the claims of a token beside it."""
    dates = document["dates"]
    return {
        **payload,
        "iss": payload["issuer"]["id"],
        "jti": payload["id"],
        "nbf": _seconds(dates["issued"]),
        "exp": _seconds(dates["expires"]),
        "sub": payload["credentialSubject"]["id"],
    }


def _seconds(day: str) -> int:
    return int(datetime.fromisoformat(day).timestamp())


def _stamp(day: str) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return datetime.fromisoformat(day).strftime("%Y-%m-%dT%H:%M:%SZ")
