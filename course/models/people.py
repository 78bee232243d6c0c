"""A person who can sign in. Personal data: a sign-in name and, if the person wants, two more words.

The table knows nothing of organisations; `Membership` (organizations.py) joins the two.
"""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from course.models.base import uuid7

USERNAME_LENGTH = 40
DISPLAY_NAME_LENGTH = 60

validate_username = RegexValidator(
    r"\A[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\Z",
    _("Use letters a to z, numbers, full stops, hyphens and underscores only."),
)


class Language(models.TextChoices):
    """The languages the course is written in. Each name is in its own language."""

    ENGLISH = "en", "English"
    MALAY = "ms", "Bahasa Melayu"


ERASED = "erased-"  # what the sign-in name of somebody who was erased begins with


def is_erased_name(username: str) -> bool:
    """True for the sign-in name that takes the place of a person's. Look at `is_active` too."""
    return username.startswith(ERASED)


def new_session_seed() -> str:
    """128 random bits in hexadecimal. A new one ends every session of the person."""
    return secrets.token_hex(16)


class UserManager(models.Manager["User"]):
    """Finds people by sign-in name. Writing is the work of course.services.accounts."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this sign-in name, whatever its letter case. Raises User.DoesNotExist."""
        return self.get(username=User.normalize_username(username or ""))


class User(AbstractBaseUser):
    """One person who signs in. Personal data: all fields but the ids; none is a legal name.

    - `username`: the sign-in name, always lower case, unique.
    - `display_name`: an alias the person chose; may be blank, then the sign-in name is shown.
    - `email`: may be blank; not unique, because an address shared at work must not tell on anyone.
    - `is_operator`: may see the administration pages; set from the console only.
    - `session_seed`: part of the session fingerprint; replaced to sign the person out everywhere.

    There is no date of last sign-in: the organisation's record holds sign-ins, and a second copy
    would be one more place to forget when somebody is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(
        _("sign-in name"), max_length=USERNAME_LENGTH, unique=True, validators=[validate_username]
    )
    display_name = models.CharField(_("alias"), max_length=DISPLAY_NAME_LENGTH, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=Language, default=Language.ENGLISH
    )
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    session_seed = models.CharField(max_length=32, default=new_session_seed, editable=False)

    last_login: Any = None
    # The active memberships, oldest first, where the person was read for a request. Not a column.
    active_places: list[Any] | None = None

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # With the plain unique key this makes names unique whatever their letter case.
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="course_user_name_lower"
            ),
            models.CheckConstraint(
                condition=~models.Q(username=""), name="course_user_name_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @classmethod
    def normalize_username(cls, username: Any) -> Any:
        """Sign-in names are compared in lower case, without the spaces phones add."""
        return super().normalize_username(username).strip().lower()

    @property
    def shown_name(self) -> str:
        """The alias, or the sign-in name when there is none."""
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """Fingerprint stored in each session; changes with the passphrase and the session seed."""
        return self._get_session_auth_hash()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "kenali.session",
            f"{self.password}|{self.session_seed}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
