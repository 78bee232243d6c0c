"""A certificate as pages and files show it. No view lives here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from modules.certificates import State, state_at
from modules.compiling import in_language
from modules.interop.badges import claims, credential
from modules.interop.paper import Paper, draw_pdf, square_code
from modules.interop.signing import FOLDER, KeyRing
from modules.models import Certificate


@dataclass(frozen=True, slots=True)
class Shown:
    """One certificate with what a page says about it, in one language."""

    certificate: Certificate
    state: State
    words: dict[str, Any]
    address: str

    @property
    def name(self) -> str:
        """The name on the paper."""
        return self.certificate.name

    @property
    def organization(self) -> str:
        """The organisation, as it was called then."""
        return str(self.certificate.document["organization"])

    @property
    def public_name(self) -> str:
        """The name, if strangers may read it and there is one."""
        return self.name if self.certificate.document["public"]["name"] else ""

    @property
    def public_organization(self) -> str:
        """The organisation, if strangers may read it."""
        return self.organization if self.certificate.document["public"]["organization"] else ""

    @property
    def is_standing(self) -> bool:
        """Whether it can still be shown and drawn."""
        return self.state in {State.VALID, State.EXPIRED}


def show(certificate: Certificate, *, language: str, at: datetime) -> Shown:
    """The certificate for a page. It must come with its standing (`with_standing`)."""
    return Shown(
        certificate=certificate,
        state=state_of(certificate, at=at),
        words=in_language(certificate.document["texts"], language),
        address=public_address(certificate),
    )


def state_of(certificate: Certificate, *, at: datetime) -> State:
    """Whether it counts at this instant."""
    withdrawn = certificate.withdrawn
    return state_at(
        expires_at=certificate.expires_at,
        at=at,
        withdrawn=withdrawn is not None,
        replaced=withdrawn is not None and withdrawn.replacement_id is not None,
    )


def public_address(certificate: Certificate) -> str:
    """Where anybody can check it: the address of the site that the operator set, not of a proxy."""
    return settings.KENALI_SITE_URL + reverse("modules:verify", args=[certificate.uuid])


def drawn_code(shown: Shown) -> SafeString:
    """The square code for a page: our own drawing of our own address."""
    return mark_safe(square_code(shown.address))


def key_address() -> str:
    """Where the public keys are."""
    return settings.KENALI_SITE_URL + reverse("modules:verify_keys")


def key_ring() -> KeyRing:
    """The keys of this site."""
    return KeyRing(settings.DATA_DIR / FOLDER)


def pdf_of(certificate: Certificate, *, language: str) -> bytes:
    """The paper. Raises NoLetters when there is no font for the name."""
    return draw_pdf(
        Paper(
            words=in_language(certificate.document["texts"], language),
            language=language,
            name=certificate.name,
            organization=certificate.document["organization"],
            number=str(certificate.uuid),
            address=public_address(certificate),
            issued_at=certificate.issued_at,
        )
    )


def token_of(certificate: Certificate, *, language: str) -> str:
    """The signed credential."""
    document = certificate.document
    made = credential(
        address=public_address(certificate),
        site=settings.KENALI_SITE_URL,
        document=document,
        name=certificate.name,
        language=language,
    )
    return key_ring().sign(claims(made, document), key_address=key_address())
