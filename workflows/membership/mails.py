"""What we write about asking to act for a body: to who asks, to those who represent the
body, and to the office when nobody does any more."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from community.acting import mails
from community.messages import kinds, outbox
from community.messages.kinds import Kind
from community.models import LocalBody, Membership, Message, Role
from community.privacy.mails import link_kind
from workflows.engine import letters
from workflows.engine.letters import OUR_DAY, Blank, Letter
from workflows.engine.models import Case, Entry

from .models import MembershipSettings

# Stored with every mail; and the kind of case, as `kind` has it.
ASKED = "membership_asked"
GRANTED = "membership_granted"
REFUSED = "membership_refused"
TO_DECIDE = "membership_to_decide"
LEFT_ALONE = "body_left_alone"
MEMBERSHIP = "membership"


# Shows whose an address is; the page that it opens has its name.
BODIES_LINK = link_kind("my_bodies", _("Link to the bodies one acts for"))


def _why_not(case: Case) -> str:
    entry = case.entries.filter(way=Entry.Way.OUT).last()
    return entry.text if entry else ""


ROLE = Blank(
    "role",
    _("What the person acts as."),
    Role.TECHNICIAN.label,
    lambda case: case.membership_request.get_role_display(),
)

# Each of its cases is for one.
BODY = replace(letters.BODY, may_lack=False)

LETTERS = (
    Letter(
        ASKED,
        case_kind=MEMBERSHIP,
        label=_("Acting for a body: asked"),
        when=_("Somebody asks to act for a body, and it has to be approved."),
        subject=_("You have asked to act for {body}: {number}"),
        heading=_("Somebody looks at whether you act for it"),
        text=_(
            "You have asked to act for {body}, as {role}. A representative of it or "
            "our team looks at it[, and you have the answer by {day} at the latest]. "
            "On your page you see how it goes, and can withdraw it."
        ),
        button=_("See how it goes"),
        blanks=(ROLE, BODY, OUR_DAY),
        must_go=_(
            "It carries the link to the personal page for the first time, and says "
            "until when we answer (Law 39/2015, article 21.4)."
        ),
    ),
    Letter(
        GRANTED,
        case_kind=MEMBERSHIP,
        label=_("Acting for a body: granted"),
        when=_("A representative or the office lets who asked act for the body."),
        subject=_("You can act for {body}"),
        heading=_("You can act for {body}"),
        text=_(
            "From now on you act for {body}, as {role}. Sign in with this address: we "
            "send you a code each time."
        ),
        button=_("See the case"),
        blanks=(ROLE, BODY),
        must_go=_("It is the answer, which must be notified (Law 39/2015, art. 40)."),
    ),
    Letter(
        REFUSED,
        case_kind=MEMBERSHIP,
        label=_("Acting for a body: refused"),
        when=_("A representative or the office does not let who asked."),
        subject=_("You cannot act for {body}: {number}"),
        heading=_("You cannot act for {body}"),
        text=_("You had asked to act for {body}. It is not granted. The reason:"),
        button=_("See the case"),
        blanks=(BODY,),
        quoted=_why_not,
        must_go=_("It is the answer, which must be notified (Law 39/2015, art. 40)."),
    ),
)


# To the representatives --------------------------------------------------------------


def ask_representatives(case: Case) -> None:
    """Queue a mail to those who can decide `case` for its body."""
    them = Membership.objects.representatives().filter(body=case.body)
    outbox.queue(
        Message(
            kind=TO_DECIDE,
            about=case.pk,
            recipient=row.user.email,
            language=row.user.language,
        )
        for row in them.select_related("user")
    )


def _to_decide(row: Message) -> EmailMultiAlternatives:
    cases = Case.objects.select_related("body", "membership_request")
    case = cases.get(pk=row.about or 0)
    with override(row.language):
        names = {
            "person": letters.NAME.value(case),
            "email": case.email,
            "body": case.body,
            "role": case.membership_request.get_role_display(),
        }
        page = reverse("decide_membership", args=[case.body.code, case.number])
        letter = mails.Letter(
            subject=gettext("Somebody asks to act for %(body)s") % names,
            heading=gettext("Somebody asks to act for %(body)s") % names,
            text=gettext(
                "%(person)s (%(email)s) asks to act for %(body)s, as %(role)s."
            )
            % names
            + " "
            + gettext("You, as its representative, say whether it is so."),
            button=gettext("Look at it, and answer"),
            link=mails.absolute(page),
        )
        return mails.write(row, letter)


def _is_decided(row: Message) -> str:
    waits = Case.objects.active().filter(pk=row.about or 0)
    return "" if waits.exists() else "It is decided."


# To the office -----------------------------------------------------------------------


def tell_office(body: LocalBody, **_signal: Any) -> None:
    """Queue a mail to the unit that looks after it: nobody represents `body`."""
    unit = MembershipSettings.load().unit
    if unit and unit.email:
        row = Message(
            kind=LEFT_ALONE,
            about=body.pk,
            recipient=unit.email,
            language=settings.LANGUAGE_CODE,
            dedupe_key=f"{LEFT_ALONE}:{body.pk}",
        )
        outbox.queue([row])


def _left_alone(row: Message) -> EmailMultiAlternatives:
    body = LocalBody.objects.get(pk=row.about or 0)
    with override(row.language):
        names = {"body": body.name}
        page = reverse("memberships:body", args=[body.pk])
        letter = mails.Letter(
            subject=gettext("Nobody represents %(body)s any more") % names,
            heading=gettext("Nobody represents %(body)s any more") % names,
            text=gettext(
                "Its last representative does not act for it any more. Until there is "
                "another, nobody signs for it, and you decide who acts for it."
            ),
            button=gettext("See its people"),
            link=mails.absolute(page),
        )
        return mails.write(row, letter)


def _is_represented(row: Message) -> str:
    them = Membership.objects.representatives().filter(body=row.about or 0)
    return "Somebody represents it again." if them.exists() else ""


def register_all() -> None:
    """At start-up."""
    for letter in LETTERS:
        letters.register(letter)
    kinds.register(BODIES_LINK)
    label = _("Somebody asks to act for a body")
    kinds.register(Kind(TO_DECIDE, label, _to_decide, _is_decided))
    label = _("Nobody represents a body")
    kinds.register(Kind(LEFT_ALONE, label, _left_alone, _is_represented))
