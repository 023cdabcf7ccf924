"""Requests of the catalogue, as the people of a body write and send them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from community.models import LocalBody, Membership, User
from tests.factories.acting import a_town, representing
from tests.factories.catalogue import a_resource
from tests.factories.files import PDF
from workflows.catalogue.models import Question, Resource
from workflows.engine.models import Case
from workflows.requesting import drafts, submitting
from workflows.requesting.models import CatalogueRequest

MAYOR = CatalogueRequest.SignsAs.MAYOR
WRITTEN = {"subject": "Mesurar el web", "text": "Volem saber com estem.", "answers": {}}


def a_question(resource: Resource, kind: str = "text", **values: Any) -> Question:
    defaults = {"label": f"Pregunta {kind}", "required": False}
    return Question.objects.create(
        resource=resource, kind=kind, **{**defaults, **values}
    )


def a_draft(
    membership: Membership | None = None,
    resource: Resource | None = None,
    **written: Any,
) -> CatalogueRequest:
    """What somebody who acts for a body has written of a request, for its edition
    of this year."""
    mine = membership or representing(a_town())
    edition = (resource or a_resource()).editions.latest("year")
    draft = drafts.begin(mine.body, edition, mine.user)
    return drafts.save(draft, {**WRITTEN, **written}, version=0, by=mine.user)


def a_file(name: str = "acord.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def submitted(draft: CatalogueRequest, by: User, **more: Any) -> Case:
    """`draft` is signed and sent by a representative."""
    version = submitting.seen(draft)
    said = {"signs_as": MAYOR, "version": version, **more}
    with override("ca"):
        return submitting.submit(draft, by=by, **said)


def a_request(
    resource: Resource | None = None,
    body: LocalBody | None = None,
    *,
    by: Membership | None = None,
    documents: tuple[str, ...] = (),
    **written: Any,
) -> Case:
    """A request that has just come in, of `by`, who represents `body`, with documents
    of those names."""
    mine = by or representing(body or a_town())
    draft = a_draft(mine, resource, **written)
    for name in documents:
        drafts.add_document(draft, a_file(name), by=mine.user)
    return submitted(draft, mine.user)
