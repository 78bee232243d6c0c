"""What the modules floor writes into the record of changes, in words."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from course.audit_words import Group, register_actions, register_fields, register_values

register_actions(
    Group.PAPERS,
    {
        "certificate.issue": _("Certificates issued"),
        "certificate.revoke": _("Certificate withdrawn"),
        "certificate.replace": _("Certificate replaced"),
        "renewal.remind": _("People reminded to renew"),
        "renewal.open": _("Next rounds begun for people"),
    },
)
register_actions(
    Group.FILES,
    {
        "export.results": _("Results of a cohort taken out"),
        "export.report": _("Report taken out"),
        "export.refused": _("Taking out refused: too many rows"),
        "export.record": _("This record taken out"),
    },
)
register_actions(
    Group.FILES,
    {
        "report.schedule": _("Report by mail set up"),
        "report.schedule_change": _("Report by mail changed"),
        "report.schedule_pause": _("Report by mail paused"),
        "report.schedule_resume": _("Report by mail started again"),
        "report.schedule_stop": _("Report by mail ended"),
        "report.schedule_left": _("Somebody stopped getting a report"),
        "api.token": _("Key for a program made"),
        "api.token_revoke": _("Key for a program revoked"),
        "api.use": _("Report read by a program"),
    },
)
register_actions(
    Group.ACCOUNT,
    {
        "account.data": _("Everything about oneself taken out"),
        "account.calendar": _("Calendar address made"),
        "account.calendar_stop": _("Calendar address stopped"),
    },
)
register_fields(
    {
        "certificates": _("Certificates"),
        "replacement": _("New certificate"),
        "recipient": _("Recipient"),
        "format": _("Kind of file"),
        "filter": _("Which rows"),
        "recipients": _("Recipients"),
        "owner": _("Set up by"),
        "query": _("Filter"),
        "often": _("How often"),
        "weekday": _("Day of the week"),
        "day": _("Day of the month"),
        "hour": _("Hour"),
        "until": _("Until"),
        "scopes": _("May read"),
    }
)
# The filters of a report that comes by mail, as its address has them.
register_fields(
    {
        "cohort": _("Cohort"),
        "module": _("Module"),
        "round": _("Round"),
        "only": _("State"),
        "by": _("Table"),
    }
)
register_values("office", {"none": _("No office said")})
register_values("cohort", {"none": _("In no cohort")})
register_values(
    "only",
    {
        "overdue": _("Overdue"),
        "not_started": _("Not started"),
        "started": _("Going on"),
        "completed": _("Completed"),
        "expiring": _("Ends within 90 days"),
        "expired": _("Run out"),
    },
)
register_values(
    "by",
    {
        "office": _("By office"),
        "cohort": _("By cohort"),
        "module": _("By module"),
        "role": _("By role"),
        "round": _("By round"),
    },
)
register_values(
    "often",
    {
        "weekly": _("Every week"),
        "monthly": _("Every month"),
        "quarterly": _("Every quarter of the year"),
    },
)
register_values("weekday", {str(number): word for number, word in WEEKDAYS.items()})
register_values("day", {"0": _("The last day")})
register_values(
    "table",
    {
        "completion": _("Completion by person"),
        "completion-by-office": _("Completion by office"),
        "completion-by-cohort": _("Completion by cohort"),
        "completion-by-module": _("Completion by module"),
        "completion-by-role": _("Completion by role"),
        "completion-by-round": _("Completion by round"),
        "items": _("Questions"),
        "renewals": _("Renewals"),
        "summary-by-offices": _("Reach and completion by office"),
        "summary-by-modules": _("Completion by module"),
        "summary-by-tests": _("Before, after and later"),
        "record": _("Record of changes"),
    },
)
