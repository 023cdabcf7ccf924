"""What of a request can be reopened for the body to amend, and its amendment.

A part is `subject`, `text`, `documents`, `signature`, or the key of a question."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from community.acting import memberships
from community.models import Membership, User
from workflows.catalogue.models import Question
from workflows.engine import cases, letters
from workflows.engine.models import Case, Entry, File

from . import content, drafts, mails
from .models import CatalogueRequest, Document, Submission

SUBJECT, TEXT, DOCUMENTS, SIGNATURE = "subject", "text", "documents", "signature"
WRITTEN = (SUBJECT, TEXT)


class Part(NamedTuple):
    """Something of a request that can be amended by itself."""

    name: str
    label: str


def parts(request: CatalogueRequest) -> list[Part]:
    """What of `request` can be reopened, as it was sent."""
    sent = latest(request)
    return [
        Part(SUBJECT, label_of(SUBJECT)),
        Part(TEXT, label_of(TEXT)),
        *(
            Part(one["question"], content.question_in_words(one))
            for one in answers_of(sent)
        ),
        Part(DOCUMENTS, label_of(DOCUMENTS)),
        Part(SIGNATURE, label_of(SIGNATURE)),
    ]


def label_of(name: str) -> str:
    """What every request says, in words."""
    return {
        SUBJECT: _("In a few words"),
        TEXT: _("What is needed, and why"),
        DOCUMENTS: _("Other documents"),
        SIGNATURE: _("Signature"),
    }[name]


def latest(request: CatalogueRequest) -> Submission:
    """What the body asks now: what was sent last."""
    return request.submissions.order_by("-number")[0]


def answers_of(sent: Submission) -> list[dict[str, Any]]:
    return sent.content.get("answers", [])


def may_amend(request: CatalogueRequest, mine: Membership | None) -> bool:
    """Whether it lets one send what is reopened: who only reads does not, and only a
    representative signs."""
    if not drafts.may_write(mine):
        return False
    return mine.signs or SIGNATURE not in request.reopened


def amend(
    case: Case,
    said: Mapping[str, Any],
    files: Mapping[str, Iterable[File]],
    text: str,
    by: User,
) -> Submission:
    """The body sends what was reopened: `said` has, by part, what was written (of a
    question, its answer as `content` keeps it), and `files` what came for it. Our term
    runs on. Raises PermissionDenied."""
    with memberships.locked(case.body):
        request = case.request
        if not may_amend(request, memberships.for_body(by, case.body)):
            raise PermissionDenied
        before = latest(request)
        sent = Submission(
            request=request,
            number=before.number + 1,
            content=_amended(before.content, said),
            signer=before.signer,
            signer_name=before.signer_name,
            signs_as=before.signs_as,
            by=by,
        )
        if SIGNATURE in request.reopened:
            sent.signer, sent.signer_name = by, by.name or by.email
            sent.signs_as = said[SIGNATURE]
        sent.save()
        every = [file for each in files.values() for file in each]
        cases.write(case, Entry.Way.IN, _told(sent, said, text), by, every)
        for part, each in files.items():
            _put_in(sent, part, each)
        request.reopened = []
        request.save(update_fields=["reopened"])
        cases.go_on(case)
        letters.tell(mails.AMENDED, case)
    return sent


def _amended(sent: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: said[name] for name in WRITTEN if name in said}
    answers = [said.get(one["question"], one) for one in sent.get("answers", [])]
    return {**sent, **own, "answers": answers}


def _told(sent: Submission, said: Mapping[str, Any], text: str) -> str:
    """What was amended, as the case has it."""
    lines = [text] if text else []
    lines += [f"{label_of(name)}: {said[name]}" for name in WRITTEN if name in said]
    lines += [
        content.on_a_line(one) for one in answers_of(sent) if one["question"] in said
    ]
    if SIGNATURE in said:
        signed = _("Signed by %(name)s (%(role)s).")
        role = sent.get_signs_as_display()
        lines.append(signed % {"name": sent.signer_name, "role": role})
    return "\n\n".join(lines) or _("What was asked is amended.")


def _put_in(sent: Submission, part: str, files: Iterable[File]) -> None:
    """Have `files` be documents of the request: in the place of what had answered that
    question, or besides the others."""
    question = None if part == DOCUMENTS else Question.objects.filter(pk=part).first()
    files = list(files)
    if question and files:
        old = sent.request.documents.filter(question=question, replaced=None)
        old.exclude(submission=None).update(replaced=timezone.now())
    for file in files:
        Document.objects.create(
            request=sent.request, question=question, file=file, submission=sent
        )
