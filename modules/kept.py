"""What is kept about people and for how long: one list for the page and for the documentation.

docs/explanation/privacy.md has the same table; a test holds the two equal, and another finds tables
about people that stand in no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Kept:
    """One line. `tables` are names of models, for whoever reads the code beside it."""

    what: Words
    tables: tuple[str, ...]
    how_long: Words


_LONG: Final = _("as long as the organisation uses the course; without a name once erased")
_UNTIL_ERASED: Final = _("until erased")
_UNTIL_CHANGED: Final = _("until changed or erased")

KEPT: Final[tuple[Kept, ...]] = (
    Kept(
        _(
            "Sign-in name (suggested, meaningless), name to show and e-mail if the person gave "
            "them, language, a slow hash of the passphrase"
        ),
        ("User",),
        _("until erased; by itself some time after the last place ended, see below"),
    ),
    Kept(
        _("That somebody belongs to an organisation, in which role, office and team"),
        ("Membership",),
        _("the link stays, nameless, after erasure"),
    ),
    Kept(
        _("That a person belongs to a cohort"),
        ("CohortMember",),
        _("until taken out; nameless after erasure"),
    ),
    Kept(
        _("How these were on earlier days, and how many extra days somebody had, for reports"),
        ("Placement", "CohortStay", "ExtraDays"),
        _LONG,
    ),
    Kept(_("How far somebody is, what they finished"), ("LessonPlace", "LessonCompletion"), _LONG),
    Kept(
        _("When they completed a module or the course, by which rule, and when each round began"),
        ("Completion", "Cycle"),
        _LONG,
    ),
    Kept(
        _("Certificates and, with the reason, their withdrawal"),
        ("Certificate", "Revocation"),
        _LONG,
    ),
    Kept(_("The name a holder chose for a certificate"), ("HolderName",), _UNTIL_ERASED),
    Kept(
        _(
            "Which quiz they took, what they were shown in which language, what they answered, "
            "what it counts for"
        ),
        ("Attempt", "AttemptItem", "Response", "Evidence", "Tally"),
        _LONG,
    ),
    Kept(
        _("A trainer’s note on an answer, and since when the learner has read it"),
        ("Comment", "CommentRead"),
        _("until the learner is erased"),
    ),
    Kept(
        _("Which tactics came up again after the course, how it went, when each is due"),
        ("ReviewCard", "Review", "CheckUp"),
        _LONG,
    ),
    Kept(
        _("Who corrected a key, and which results changed by it"),
        ("KeyCorrection", "CorrectionUndo", "Amendment"),
        _LONG,
    ),
    Kept(
        _("Who printed a quiz, and who typed in what was answered on paper"),
        ("PaperSheet", "PaperEntry"),
        _LONG,
    ),
    Kept(
        _("Which case was shown to a room, by whom. Answers of phones: neither who nor when"),
        ("Room", "RoomAnswer"),
        _LONG,
    ),
    Kept(
        _("What a person was reminded of: kind, date, seen or not, how far its e-mail is"),
        ("Notice",),
        _("half a year"),
    ),
    Kept(
        _("How a person wants to be reminded: by e-mail or not, quiet hours, a pause"),
        ("NoticePreference",),
        _UNTIL_CHANGED,
    ),
    Kept(
        _("What a person needs in every quiz (for example more time or days), never why"),
        ("Accommodation",),
        _("until removed or erased"),
    ),
    Kept(
        _("What a person was asked to do until when, whether they were let off or given longer"),
        ("Assignment", "AssignmentException"),
        _("as long as the organisation uses the course; a message to one person until erased"),
    ),
    Kept(
        _("That a person has a private calendar address; of the address only a hash"),
        ("CalendarFeed",),
        _("until stopped or erased"),
    ),
    Kept(
        _("Which questions to reports somebody kept"),
        ("ReportView",),
        _("until removed or erased"),
    ),
    Kept(
        _("Who gets which report by mail, and whether each mail went out"),
        ("ReportSchedule", "ReportRecipient", "ReportSending"),
        _LONG,
    ),
    Kept(
        _("Who made a key for another program; of the key only a hash"),
        ("ApiToken",),
        _LONG,
    ),
    Kept(
        _(
            "Who changed what for whom: by internal id, with time and reason. Sign-ins are part "
            "of it"
        ),
        ("AuditEntry",),
        _(
            "as long as the organisation exists; nothing can be taken out of the chain, so "
            "nothing personal is put in"
        ),
    ),
    Kept(
        _("A one-time link or the code of a printed card, as a hash"),
        ("SignInLink",),
        _("until used; a link at most 24 hours, a card at most seven days"),
    ),
    Kept(
        _("Who made an invitation. Not for whom; of its code only a hash"),
        ("Invitation",),
        _LONG,
    ),
    Kept(
        _("What a list of people said that an administrator sent in; only they see it"),
        ("PeopleImport",),
        _("until applied, at most an hour; then numbers and internal ids"),
    ),
    Kept(
        _("Who is signed in, on which session"),
        ("Session",),
        _("8 hours at most, an hour without use; 14 days on one’s own phone"),
    ),
    Kept(
        _("How often something was guessed, under a keyed hash of network or name"),
        ("ThrottleCounter",),
        _("24 hours"),
    ),
)
