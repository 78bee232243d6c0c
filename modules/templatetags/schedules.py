"""When something comes again, in words."""

from __future__ import annotations

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from modules.models import ReportSchedule
from modules.rhythm import Often

register = template.Library()


@register.filter
def how_often(schedule: ReportSchedule) -> str:
    """Every month, on day 1, at 08:00."""
    hour = f"{schedule.hour:02}:00"
    if schedule.often == Often.WEEKLY:
        day = str(WEEKDAYS[schedule.weekday])
        return _("Every %(weekday)s at %(hour)s") % {"weekday": day, "hour": hour}
    values = {"day": schedule.day, "hour": hour}
    if schedule.often == Often.MONTHLY:
        if schedule.is_last_day:
            return _("On the last day of every month at %(hour)s") % values
        return _("On day %(day)s of every month at %(hour)s") % values
    if schedule.is_last_day:
        return _("On the last day of every quarter at %(hour)s") % values
    return _("On day %(day)s of every quarter at %(hour)s") % values
