"""What the quizzes floor writes into the record of changes, in words."""

from django.utils.translation import gettext_lazy as _

from course.audit_words import Group, register_actions, register_fields, register_values

register_actions(
    Group.COURSE,
    {
        "assignment.create": _("Assigned"),
        "assignment.reschedule": _("Assignment changed"),
        "assignment.withdraw": _("Assignment withdrawn"),
        "assignment.exception": _("Exception made"),
        "attempt.paper": _("Answers from paper typed in"),
        "key.correct": _("Key corrected"),
        "key.undo": _("Correction taken back"),
        "person.accommodation": _("What a person needs changed"),
    },
)
register_actions(
    Group.ANSWERS,
    {
        "answers.read": _("Answers of a person read"),
        "attempt.note": _("Note written on answers"),
    },
)
register_fields(
    {
        "assignment": _("Assignment"),
        "target_kind": _("Kind"),
        "target_key": _("What"),
        "opens_at": _("Opens"),
        "due_at": _("Due"),
        "attempts": _("Attempts"),
        "late": _("After the date"),
        "message": _("With a message"),
        "excused": _("Let off"),
        "sheet": _("Sheet"),
        "answered": _("Questions answered"),
        "part": _("Part"),
        "option": _("Answer"),
        "lower": _("Takes points away"),
        "reached": _("Results that changed"),
        "extra_time": _("More time (per cent)"),
        "no_time_limit": _("No time limit"),
        "extra_days": _("More days"),
        "note": _("Note"),
        "case": _("Case"),
    }
)
register_values(
    "target_kind",
    {"course": _("the whole course"), "module": _("a module"), "quiz": _("a quiz")},
)
register_values(
    "late",
    {
        "accept": _("Late work is welcome. It is shown as late."),
        "close": _("A quiz closes: no new start, and answers are not taken any more."),
    },
)
