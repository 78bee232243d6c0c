"""What the modules floor writes into the record of changes, in words."""

from django.utils.translation import gettext_lazy as _

from course.audit_words import Group, register_actions, register_fields

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
        "query": _("Filter"),
        "often": _("How often"),
        "weekday": _("Day of the week"),
        "day": _("Day of the month"),
        "hour": _("Hour"),
        "until": _("Until"),
        "scopes": _("May read"),
    }
)
