"""The part about reminders on pages of a floor that does not know them."""

from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from modules.forms import WishesForm, wishes_form
from modules.published import current_outline
from modules.services.notice_words import line_of
from modules.services.noticing import open_notices, preference_of
from modules.targets import Titles

register = template.Library()


@register.simple_tag(takes_context=True)
def reminder_settings(context: dict[str, Any], form: WishesForm | None = None) -> SafeString:
    """The form of the person's wishes, or nothing for somebody without an active place."""
    request = context["request"]
    membership = request.kenali.membership
    if membership is None:
        return SafeString("")
    shown = form or wishes_form(membership, at=request.kenali.at)
    page = {"form": shown, "has_mail_server": settings.KENALI_MAIL}
    return render_to_string("modules/_reminders.html", page, request=request)


@register.simple_tag(takes_context=True)
def my_notices(context: dict[str, Any]) -> SafeString:
    """What the person was told and has not put away: two queries, one when there is nothing."""
    request = context["request"]
    membership = request.kenali.membership
    notices = open_notices(membership) if membership is not None else []
    if not notices:
        return SafeString("")
    zone = preference_of(membership).zone
    titles = Titles(current_outline(), request.kenali.language)
    page = {"lines": [line_of(notice, titles, zone=zone) for notice in notices]}
    return render_to_string("modules/_notices.html", page, request=request)
