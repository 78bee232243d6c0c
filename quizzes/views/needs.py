"""What one person needs in every quiz, set once by who looks after them."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_membership_or_404, requires, see_other
from course.roles import Ability
from course.views import answer_with_form, posted
from quizzes.access import member_of
from quizzes.forms import NeedsForm
from quizzes.policy import Needs
from quizzes.services.accommodating import needs_of, set_accommodation


@requires(Ability.ASSIGN, methods=("GET", "POST"))
def needs(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """Show and set it. No reason is asked or kept."""
    person = get_membership_or_404(request.kenali, person_id)
    now = needs_of(person)
    form = NeedsForm(posted(request), initial=asdict(now))
    if form.is_valid():
        set_accommodation(
            membership=person,
            actor=member_of(request.kenali),
            needs=Needs(**form.cleaned_data),
            at=request.kenali.at,
        )
        messages.success(request, _("Saved. It holds for everything from now on."))
        can_open = request.kenali.can(Ability.MANAGE_PEOPLE)
        return see_other(
            reverse("course:person" if can_open else "quizzes:needs", args=[person.id])
        )
    page = {"form": form, "person": person}
    return answer_with_form(request, "quizzes/needs.html", page, form=form)
