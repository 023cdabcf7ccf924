"""What `community` holds of an address: the account, and the mails to it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.acting import retention as acting
from community.messages.kinds import kind_of
from community.messages.models import Message, Suppression
from community.models import Membership, MembershipInvitation, User

from . import accounts
from .addresses import of_address
from .holders import Fact, Holder, Part, Record


def show(address: str) -> list[Part]:
    account = accounts.account_of(address)
    mails = of_address(Message.objects.defer("mime"), address, "recipient")
    return [
        Part("account", _("Your account"), [_account(account)] if account else []),
        *acting.parts(address, account),
        Part("mails", _("What we wrote to you"), [_mail(row) for row in mails]),
        Part(
            "suppressions",
            _("When mail to you came back, or was unwanted"),
            [_suppression(row) for row in Suppression.objects.of(address)],
        ),
    ]


def _account(user: User) -> Record:
    units = [str(row.unit) for row in user.unit_memberships.select_related("unit")]
    roles = [group.name for group in user.groups.order_by("name")]
    return Record(
        [
            Fact("name", _("Name"), user.name),
            Fact("email", _("E-mail address"), user.email),
            Fact("language", _("Language"), user.language, user.get_language_display()),
            Fact("joined", _("Since"), user.date_joined),
            Fact("last_login", _("Last sign-in"), user.last_login),
            Fact("units", _("Units"), units),
            Fact("roles", _("Roles"), roles),
        ]
    )


def _mail(row: Message) -> Record:
    return Record(
        [
            Fact("subject", _("Subject"), row.subject),
            Fact("kind", _("Kind"), row.kind, _kind(row)),
            Fact("state", _("State"), row.state, row.get_state_display()),
            Fact("when", _("When"), row.settled or row.created),
        ],
        title=row.subject or _kind(row),
    )


def _suppression(row: Suppression) -> Record:
    return Record(
        [
            Fact("reason", _("Reason"), row.reason, row.get_reason_display()),
            Fact("words", _("Words of the mail server"), row.words),
            Fact("since", _("Since"), row.created),
            Fact("lifted", _("We write again since"), row.lifted),
        ]
    )


def _kind(row: Message) -> str:
    try:
        return str(kind_of(row).label)
    except KeyError:
        # Of something that this house no longer does.
        return row.kind


def foresee(address: str) -> list[str]:
    words = []
    if accounts.account_of(address):
        words.append(str(_("Your account is closed, and nobody can sign in with it.")))
    bodies = of_address(Membership.objects.standing(), address, "user__email").count()
    if bodies:
        words.append(
            ngettext(
                "You do not act for %d local body any more.",
                "You do not act for %d local bodies any more.",
                bodies,
            )
            % bodies
        )
    mails = of_address(Message.objects.all(), address, "recipient").count()
    if mails:
        words.append(
            ngettext(
                "We forget that we wrote to you, %d mail.",
                "We forget that we wrote to you, %d mails.",
                mails,
            )
            % mails
        )
    return words


def correct(address: str, changes: dict[str, str]) -> None:
    account = accounts.account_of(address)
    fields = [name for name in ("name", "language") if name in changes]
    if account and fields:
        for name in fields:
            setattr(account, name, changes[name])
        account.save(update_fields=fields)


def give_up(address: str) -> None:
    if account := accounts.account_of(address):
        accounts.close(account)


def erase(address: str, until: datetime) -> None:
    # The account was closed when the address left: nobody has used it since.
    if account := accounts.account_of(address):
        accounts.erase(account)
    mails = of_address(Message.objects.filter(created__lte=until), address, "recipient")
    mails.filter(state=Message.State.HELD).update(state=Message.State.DROPPED)
    mails.update(recipient="", subject="", mime=None, error="")
    of_address(MembershipInvitation.objects.all(), address).delete()
    # Also if its last mail has just come back.
    Suppression.objects.of(address).delete()


HOLDER = Holder(
    name="community",
    show=show,
    foresee=foresee,
    correct=correct,
    give_up=give_up,
    erase=erase,
)
