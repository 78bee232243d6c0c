"""Questions of the reports that somebody keeps under a name of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services import Refused
from modules.models import ReportView
from modules.models.views import MOST_VIEWS

_TAKEN = _("You have already kept a question under this name.")


def save_view(*, owner: Membership, name: str, query: str, at: datetime) -> ReportView:
    """Keep a question, written as `Question.query` writes it. Raises Refused when there are many.

    Not audited: it changes nothing for anybody else.
    """
    with transaction.atomic():
        people = Membership.objects.in_organization(owner.organization_id)
        people.select_for_update().get(id=owner.id)  # two devices can't pass the limit together
        if ReportView.objects.of_person(owner).count() >= MOST_VIEWS:
            raise Refused(_("You have kept 20 questions. Remove one before you keep another."))
        view = ReportView(
            organization_id=owner.organization_id,
            membership_id=owner.id,
            name=name,
            query=query,
            saved_at=at,
        )
        _store(view)
    return view


def rename_view(*, view: ReportView, name: str) -> None:
    """Another name for the same question. Raises Refused when the owner uses it already."""
    view.name = name
    with transaction.atomic():
        _store(view)


def delete_view(*, view: ReportView) -> None:
    """Forget the question."""
    view.delete()


def _store(view: ReportView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(_TAKEN) from None
