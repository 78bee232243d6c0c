"""The tables of the ground floor. Import models from here."""

from course.models.audit import AppendOnlyError, AuditEntry
from course.models.base import TenantForeignKey, TenantModel, TenantQuerySet, uuid7
from course.models.organizations import (
    Cohort,
    CohortMember,
    Invitation,
    Membership,
    Organization,
)
from course.models.people import Language, User
from course.models.sign_in import SignInLink, ThrottleCounter

# --- framework and publishing: the lead adds `course.models.framework` and
# --- `course.models.publishing` here and their names to `__all__`.

__all__ = [
    "AppendOnlyError",
    "AuditEntry",
    "Cohort",
    "CohortMember",
    "Invitation",
    "Language",
    "Membership",
    "Organization",
    "SignInLink",
    "TenantForeignKey",
    "TenantModel",
    "TenantQuerySet",
    "ThrottleCounter",
    "User",
    "uuid7",
]
