"""The tables of the ground floor. Import models from here."""

from course.models.audit import AuditEntry
from course.models.base import (
    AppendOnlyError,
    AppendOnlyModel,
    AppendOnlyQuerySet,
    TenantForeignKey,
    TenantModel,
    TenantQuerySet,
    belongs_to,
    uuid7,
)
from course.models.framework import FrameworkEntry, FrameworkVersion
from course.models.importing import PeopleImport
from course.models.organizations import (
    Cohort,
    CohortMember,
    Invitation,
    Membership,
    Organization,
)
from course.models.people import Language, User
from course.models.places import CohortStay, Office, OfficeStay, Placement, Stretch
from course.models.publishing import (
    ContentRelease,
    ImmutableError,
    ImmutableModel,
    PublishedThing,
    ThingVersion,
)
from course.models.sign_in import SignInLink, ThrottleCounter

__all__ = [
    "AppendOnlyError",
    "AppendOnlyModel",
    "AppendOnlyQuerySet",
    "AuditEntry",
    "Cohort",
    "CohortMember",
    "CohortStay",
    "ContentRelease",
    "FrameworkEntry",
    "FrameworkVersion",
    "ImmutableError",
    "ImmutableModel",
    "Invitation",
    "Language",
    "Membership",
    "Office",
    "OfficeStay",
    "Organization",
    "PeopleImport",
    "Placement",
    "PublishedThing",
    "SignInLink",
    "Stretch",
    "TenantForeignKey",
    "TenantModel",
    "TenantQuerySet",
    "ThingVersion",
    "ThrottleCounter",
    "User",
    "belongs_to",
    "uuid7",
]
