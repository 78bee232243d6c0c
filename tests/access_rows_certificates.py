"""The rows of certificates: one's own, those of the organisation, and the page for anybody."""

from uuid import UUID

from django.utils import timezone

from course.framework.loading import current_release_id
from modules.models import Certificate, Completion
from modules.services.certifying import issue_certificates
from tests.access_table import Ids, Row, administrators, everybody, members, own_administrators
from tests.modules.making import publish_made_up
from tests.personas import ADMINISTRATOR, BOTH, LEARNER, OUTSIDER, TRAINER, Place, World

PUBLIC = UUID("0192d3c4-1111-4222-8333-abcdefabcdef")  # what an address says that names no object


def furnish(world: World) -> None:
    """A certificate of each house's learner, and one of harbour's that strangers may look at."""
    publish_made_up()
    for place in (world.harbour, world.lighthouse):
        place.ids["certificate"] = _certificate(place).uuid
    shown = Certificate.objects.of_person(world.harbour.learner).get()
    person = world.harbour.stranger
    completion = _complete(world.harbour, person.id)
    Certificate.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        completion_id=completion.id,
        uuid=PUBLIC,
        cycle=1,
        number=1,
        issued_at=shown.issued_at,
        expires_at=shown.expires_at,
        document=shown.document,
    )


def _certificate(place: Place) -> Certificate:
    _complete(place, place.learner.id)
    issue_certificates(completions=None, actor=place.administrator, at=timezone.now())
    made: Certificate = Certificate.objects.of_person(place.learner).get()
    return made


def _complete(place: Place, person_id: UUID) -> Completion:
    made: Completion = Completion.objects.create(
        organization_id=place.organization.pk,
        membership_id=person_id,
        scope="course",
        completed_at=timezone.now(),
        rule={"needs": ["modules", "final"]},
        facts={},
        release_id=current_release_id(),
    )
    return made


def _number(ids: Ids) -> dict[str, object]:
    return {"number": ids["certificate"]}


def _pdf(ids: Ids) -> dict[str, object]:
    return {**_number(ids), "language": "en"}


def holder(status: int) -> dict[str, int | str]:
    """A page of the learner's own certificate; for everybody else there is none."""
    nobody = dict.fromkeys((TRAINER, ADMINISTRATOR, BOTH, OUTSIDER), 404)
    return members(status) | nobody


ROWS = [
    Row("modules:certificate", "GET", members(200)),
    # Whoever has one gets it again; the others have not completed anything.
    Row("modules:certificate_issue", "POST", members(422) | {LEARNER: 303}),
    Row("modules:certificate_renew", "POST", members(422)),
    Row("modules:certificate_print", "GET", holder(200), path=_number),
    Row("modules:certificate_change", "POST", holder(303), path=_number),
    Row("modules:certificate_pdf", "GET", holder(200), path=_pdf),
    Row("modules:certificate_badge", "GET", holder(200), path=_number),
    Row("modules:certificates", "GET", administrators(200)),
    Row(
        "modules:certificates_issue",
        "POST",
        administrators(303),
        body=lambda _ids: {"who": "all"},
    ),
    Row("modules:one_certificate", "GET", own_administrators(200), path=_number),
    Row(
        "modules:certificate_withdraw",
        "POST",
        own_administrators(303),
        path=_number,
        body=lambda _ids: {"reason": "A mistake"},
    ),
    Row("modules:verify", "GET", everybody(200), path=lambda _ids: {"number": PUBLIC}),
    Row("modules:verify_keys", "GET", everybody(200)),
]
