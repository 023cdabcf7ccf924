"""A draft is signed and sent: from then on it is a case."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.acting import memberships
from community.models import LocalBody, User
from workflows.catalogue import eligibility, offers
from workflows.catalogue.eligibility import Tone
from workflows.catalogue.models import Edition, Resource
from workflows.catalogue.offers import Answered
from workflows.engine import cases, deadlines, letters
from workflows.engine.models import Case, Entry
from workflows.engine.terms import Measure

from . import content, mails
from .drafts import Changed, Over
from .flows import RequestFlow
from .kind import NAME, PREFIX
from .models import CatalogueRequest, Submission
from .writing_form import WritingForm, checked, documents_of

# With these a request goes on; what is unsure the unit looks at.
GOES_ON = (Tone.YES, Tone.UNSURE)


class CannotRequest(Exception):
    """The body cannot request it now; `answered` says why."""

    def __init__(self, answered: Answered) -> None:
        super().__init__()
        self.answered = answered


def can_request(
    body: LocalBody, edition: Edition, now: datetime | None = None
) -> Answered:
    """Whether `body` can send a request in that edition, with what it has made of the
    resource in the same year."""
    offer = offers.find(Resource.objects.filter(pk=edition.resource_id))[0]
    window = edition.window if edition.is_published else None
    terms = offer.terms._replace(windows=(window,) if window else ())
    [known] = offers.bodies(LocalBody.objects.filter(pk=body.pk))
    answer = eligibility.answer(
        known, terms, now or timezone.now(), made_by(body, edition)
    )
    return Answered(offer, known, answer, with_numbers=True)


def made_by(body: LocalBody, edition: Edition) -> tuple[str, ...]:
    """The numbers of what `body` has requested in that edition, but for what was
    withdrawn."""
    sent = CatalogueRequest.objects.counting().filter(body=body, edition=edition)
    return tuple(sent.order_by("pk").values_list("case__number", flat=True))


def seen(request: CatalogueRequest) -> str:
    """Another one after any change of what would be sent: who signs says what she has
    read."""
    keys = [str(each.pk) for each in documents_of(request)]
    return "-".join((str(request.version), *keys))


def submit(request: CatalogueRequest, *, by: User, signs_as: str, version: str) -> Case:
    """Open the case of a draft that `by` signs, having read what `seen` calls that
    `version`. The same form once more gives the case that is there.

    Raises PermissionDenied (who does not represent the body, any more or yet), Changed,
    CannotRequest, ValidationError (something is missing) and Over.
    """
    with memberships.locked(request.body):
        rows = CatalogueRequest.objects.filter(body=request.body)
        rows = rows.select_related("body", "resource__unit", "edition", "saved_by")
        found = rows.filter(pk=request.pk).first()
        if found is None:
            raise Over
        membership = memberships.for_body(by, found.body)
        if membership is None or not membership.signs:
            raise PermissionDenied
        if found.case:
            return found.case
        if seen(found) != version:
            raise Changed(found)
        form = checked(found)
        if not form.is_valid():
            raise ValidationError(_("Something is missing, or wrong."), code="missing")
        answered = can_request(found.body, found.edition)
        if answered.answer.tone not in GOES_ON:
            raise CannotRequest(answered)
        return _open(found, form, by, signs_as)


def _open(
    request: CatalogueRequest, form: WritingForm, by: User, signs_as: str
) -> Case:
    sent = form.content()
    case = Case(
        kind=NAME,
        number=cases.new_number(PREFIX),
        unit=request.resource.unit,
        title=_title(request, sent["subject"]),
        name=by.name,
        email=by.email,
        language=get_language(),
        body=request.body,
        on_behalf=True,
        form_key=request.key,
    )
    RequestFlow.submitted.run(case=case, request=request)
    deadlines.start(case, Measure.MONTHS, request.edition.months)
    submission = Submission.objects.create(
        request=request,
        number=1,
        content=sent,
        signer=by,
        signer_name=by.name or by.email,
        signs_as=signs_as,
        by=by,
    )
    documents = documents_of(request)
    request.documents.filter(replaced=None).update(submission=submission)
    files = [each.file for each in documents]
    cases.write(case, Entry.Way.IN, _told(submission), files=files)
    letters.tell(mails.RECEIVED, case)
    return case


def _title(request: CatalogueRequest, subject: str) -> str:
    words = f"{request.resource.name}: {subject}"
    return words if len(words) <= 200 else f"{words[:199]}…"


def _told(submission: Submission) -> str:
    """All that was sent, as the case and its receipt have it."""
    sent = submission.content
    lines = [sent["text"]]
    for each in sent["answers"]:
        if content.in_words(each):
            lines += ["", content.on_a_line(each)]
    signed = _("Signed by %(name)s (%(role)s).") % {
        "name": submission.signer_name,
        "role": submission.get_signs_as_display(),
    }
    return "\n".join([*lines, "", signed])
