"""Having a draft signed: who may only prepare it asks a representative, by mail."""

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from community.acting import mails
from community.acting.mails import Letter
from community.messages import kinds, outbox
from community.messages.kinds import Kind
from community.models import LocalBody, Membership, MembershipQuerySet, Message, User
from events.wording import full_name, long_date

from . import drafts
from .models import CatalogueRequest

TO_SIGN = "request_to_sign"


def signers(body: LocalBody) -> MembershipQuerySet:
    """Who can sign for `body`."""
    return Membership.objects.representatives().filter(body=body).select_related("user")


def ask(draft: CatalogueRequest, signer: User, *, by: User) -> None:
    """Have `signer` asked by mail to look at the draft and sign it. Raises
    ValidationError (who cannot sign any more), Over and PermissionDenied."""
    with drafts.opened(draft, by) as found:
        if not signers(found.body).filter(user=signer).exists():
            raise ValidationError(_("That person does not sign for the body any more."))
        found.signer, found.signing_since = signer, timezone.now()
        found.save(update_fields=["signer", "signing_since"])
        row = Message(
            kind=TO_SIGN,
            about=found.pk,
            recipient=signer.email,
            language=signer.language,
            # Pressed twice, it is one mail.
            dedupe_key=f"{TO_SIGN}:{found.pk}:{signer.pk}",
        )
        outbox.queue([row])


def _write(row: Message) -> EmailMultiAlternatives:
    drafts = CatalogueRequest.objects.select_related(
        "body", "resource", "edition", "saved_by"
    )
    draft = drafts.get(pk=row.about or 0)
    page = reverse("request_summary", args=[draft.body.code, draft.key])
    names = {"body": draft.body.name, "resource": str(draft.resource.name)}
    person = full_name(draft.saved_by.name) if draft.saved_by else ""
    window = draft.edition.window
    words = [
        _("%(person)s asks you to sign the request of “%(resource)s” for %(body)s.")
        % {**names, "person": person}
        if person
        else _("You are asked to sign the request of “%(resource)s” for %(body)s.")
        % names
    ]
    if window and window.last_moment:
        words.append(
            _("It can be sent until %(day)s.") % {"day": long_date(window.last_moment)},
        )
    words.append(_("Sign in, look at it, and sign it if it is right."))
    subject = _("To sign: “%(resource)s”, of %(body)s") % names
    letter = Letter(
        subject=subject,
        heading=_("A request waits for you to sign it"),
        text=" ".join(words),
        button=_("Look at it, and sign it"),
        link=mails.absolute(page),
    )
    return mails.write(row, letter)


def _render(row: Message) -> EmailMultiAlternatives:
    with override(row.language):
        return _write(row)


def _is_over(row: Message) -> str:
    draft = CatalogueRequest.objects.drafts().filter(pk=row.about or 0).first()
    if draft is None:
        return "It was sent, or thrown away."
    theirs = signers(draft.body).filter(user__email__iexact=row.recipient)
    return "" if theirs.exists() else "That person does not sign for the body any more."


def register_all() -> None:
    """At start-up."""
    kinds.register(Kind(TO_SIGN, gettext_lazy("Request to sign"), _render, _is_over))
