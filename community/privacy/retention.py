"""What `community` holds of people, and the libraries that all rooms share."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry

from community.cover import today
from community.messages.kinds import known
from community.models import Cover, Message, Suppression, User

from . import accounts, register
from .models import Departure
from .register import YEAR, Entry

TEXT_KEPT = timedelta(days=90)
MAIL_KEPT = YEAR
CODE_KEPT = timedelta(days=30)
COVER_KEPT = YEAR

PUBLIC_TASK = _("Task carried out in the public interest (GDPR, art. 6.1.e)")
ACCOUNTABILITY = _("Legal obligation: security and accountability (GDPR, art. 6.1.c)")
REQUEST = _("Legal obligation: the rights of people (GDPR, art. 12 to 20)")


def _texts() -> QuerySet[Message]:
    return Message.objects.exclude(mime=None)


def _old_texts(now: datetime) -> QuerySet[Message]:
    return _texts().filter(settled__lt=now - TEXT_KEPT)


def _erase_texts(now: datetime, limit: int) -> int:
    keys = list(_old_texts(now).values_list("pk", flat=True).order_by("pk")[:limit])
    return Message.objects.filter(pk__in=keys).update(mime=None)


def _mails() -> QuerySet[Message]:
    return Message.objects.exclude(recipient="")


def _old_mails(now: datetime) -> QuerySet[Message]:
    held = Q(state=Message.State.HELD, created__lt=now - MAIL_KEPT)
    return Message.objects.filter(Q(settled__lt=now - MAIL_KEPT) | held)


def _codes() -> QuerySet[Message]:
    secret = [kind.name for kind in known() if kind.secret]
    return Message.objects.filter(kind__in=secret)


def _old_codes(now: datetime) -> QuerySet[Message]:
    return _codes().filter(settled__lt=now - CODE_KEPT)


def _suppressed(now: datetime) -> QuerySet[Suppression]:
    return Suppression.objects.filter(created__lt=now - MAIL_KEPT)


def _accounts() -> QuerySet[User]:
    return User.objects.filter(erased=None)


def _departures() -> QuerySet[Departure]:
    return Departure.objects.filter(finished=None)


def _old_covers(now: datetime) -> QuerySet[Cover]:
    return Cover.objects.filter(until__lt=today() - COVER_KEPT)


def _ended_sessions(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def _stale_forms(now: datetime) -> QuerySet[FormState]:
    return FormState.objects.filter(last_updated_at__lt=now - FormState.STALE_TIMEOUT)


def _stale_editing(now: datetime) -> QuerySet[EditingSession]:
    return EditingSession.objects.filter(
        last_seen_at__lt=now - EditingSession.STALE_TIMEOUT
    )


def _history() -> QuerySet[ModelLogEntry]:
    return ModelLogEntry.objects.exclude(user=None)


ENTRIES = (
    Entry(
        name="accounts",
        models=(
            "community.User",
            "community.UnitMembership",
            "community.User_groups",
            "community.User_user_permissions",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "wagtailusers.UserProfile",
            "wagtailcore.APIToken",
            "wagtailcore.PageSubscription",
        ),
        what=_("Accounts: address, name, language, units, roles, last sign-in"),
        purpose=_("To let the staff in and say who may do what"),
        basis=PUBLIC_TASK,
        term=accounts.UNUSED,
        since=_("after the last sign-in, except who may do everything"),
        kept=_("A number without a name, so that the histories stay whole"),
        rows=_accounts,
        due=accounts.unused,
        end=accounts.erase_unused,
    ),
    Entry(
        name="covers",
        models=("community.Cover",),
        what=_("Who covers for a unit, on which days, and a note"),
        purpose=_("To have somebody look after a unit while its people are away"),
        basis=PUBLIC_TASK,
        term=COVER_KEPT,
        since=_("after the last day"),
        kept=_("Nothing"),
        rows=Cover.objects.all,
        due=_old_covers,
    ),
    Entry(
        name="histories",
        models=(
            "wagtailcore.ModelLogEntry",
            "wagtailcore.PageLogEntry",
            "wagtailcore.Revision",
            "wagtailcore.WorkflowState",
            "wagtailcore.TaskState",
            "wagtailcore.Comment",
            "wagtailcore.CommentReply",
            "wagtailcore.Page",
            "wagtailcore.UploadedFile",
            "wagtailimages.Image",
            "wagtaildocs.Document",
        ),
        what=_("Who of the staff did what and when, and remarks on pages"),
        purpose=_("To be able to say who decided what"),
        basis=ACCOUNTABILITY,
        since=_("Until the account is erased"),
        kept=_("What was done and when, of a number without a name"),
        rows=_history,
    ),
    Entry(
        name="mail texts",
        models=("community.Message",),
        what=_("The text of each mail, as it left"),
        purpose=_("To send the very same mail again, and to answer who asks about it"),
        basis=PUBLIC_TASK,
        term=TEXT_KEPT,
        since=_("after it left"),
        kept=_("To whom, of which kind, when, and the subject"),
        rows=_texts,
        due=_old_texts,
        end=_erase_texts,
    ),
    Entry(
        name="mails",
        models=("community.Message",),
        what=_("To whom we wrote, when, and the subject"),
        purpose=_("To be able to say what somebody was told"),
        basis=PUBLIC_TASK,
        term=MAIL_KEPT,
        since=_("after it left"),
        kept=_("Nothing"),
        rows=_mails,
        due=_old_mails,
    ),
    Entry(
        name="codes",
        models=("community.Message",),
        what=_("That a code or a personal link was sent; never the code itself"),
        purpose=_("To find out why somebody could not get in"),
        basis=PUBLIC_TASK,
        term=CODE_KEPT,
        since=_("after it left"),
        kept=_("Nothing"),
        rows=_codes,
        due=_old_codes,
    ),
    Entry(
        name="suppressions",
        models=("community.Suppression",),
        what=_("The addresses from which mail comes back, or that want none of ours"),
        purpose=_("To send nothing where it does not arrive or is not wanted"),
        basis=PUBLIC_TASK,
        term=MAIL_KEPT,
        since=_("after the address was marked"),
        kept=_("Nothing"),
        rows=Suppression.objects.all,
        due=_suppressed,
    ),
    Entry(
        name="departures",
        models=("community.Departure",),
        what=_("The addresses that asked to be forgotten"),
        purpose=_("To forget them once their last mail has left"),
        basis=REQUEST,
        since=_("Until the last mail has left, 3 days at most"),
        kept=_("That somebody left, and when"),
        rows=_departures,
    ),
    Entry(
        name="browsers",
        models=("sessions.Session",),
        what=_("Who is signed in, and the receipt of who has just registered"),
        purpose=_("To keep somebody signed in and show what came of a form"),
        basis=PUBLIC_TASK,
        term=timedelta(seconds=settings.SESSION_COOKIE_AGE),
        since=_("after the sign-in or the last form"),
        kept=_("Nothing"),
        rows=Session.objects.all,
        due=_ended_sessions,
    ),
    Entry(
        name="forms under way",
        models=("wagtailadmin.FormState",),
        what=_("What somebody of the staff had written when looking at a preview"),
        purpose=_("To show the preview"),
        basis=PUBLIC_TASK,
        term=FormState.STALE_TIMEOUT,
        since=_("after the preview"),
        kept=_("Nothing"),
        rows=FormState.objects.all,
        due=_stale_forms,
    ),
    Entry(
        name="editing",
        models=("wagtailadmin.EditingSession",),
        what=_("Who of the staff has which page open"),
        purpose=_("To warn two people who edit the same page"),
        basis=PUBLIC_TASK,
        term=EditingSession.STALE_TIMEOUT,
        since=_("after the page was closed"),
        kept=_("Nothing"),
        rows=EditingSession.objects.all,
        due=_stale_editing,
    ),
)

NOBODY = {
    "A body or a team, with the address of its office.": (
        "community.BodyDomain",
        "community.LocalBody",
        "community.Unit",
    ),
    "A word of the site, of a role or of a machine.": (
        "auth.Group",
        "auth.Permission",
        "community.Heartbeat",
        "community.RetentionRun",
        "community.Topic",
        "contenttypes.ContentType",
        "taggit.Tag",
        "taggit.TaggedItem",
        "wagtailcore.Collection",
        "wagtailcore.CollectionViewRestriction",
        "wagtailcore.Locale",
        "wagtailcore.PageViewRestriction",
        "wagtailcore.Site",
        "wagtailcore.Task",
        "wagtailcore.Workflow",
        "wagtailcore.WorkflowContentType",
        "wagtailimages.Rendition",
        "wagtailredirects.Redirect",
    ),
    "Public texts of the site, or a copy of them; who wrote them is in a history.": (
        "wagtail_localize.OverridableSegment",
        "wagtail_localize.SegmentOverride",
        "wagtail_localize.String",
        "wagtail_localize.StringSegment",
        "wagtail_localize.StringTranslation",
        "wagtail_localize.Template",
        "wagtail_localize.TranslatableObject",
        "wagtail_localize.TranslationContext",
        "wagtail_localize.TranslationSource",
        "wagtailcore.ReferenceIndex",
        "wagtailembeds.Embed",
        "wagtailsearch.IndexEntry",
        "wagtailsearch.SQLiteFTSIndexEntry",
    ),
    "No page of the site is a form of Wagtail's.": ("wagtailforms.FormSubmission",),
    "A task carries keys at most; of what broke, ours say only the kind.": (
        "django_tasks_database.DBTaskResult",
    ),
}


def register_all() -> None:
    """At start-up."""
    for entry in ENTRIES:
        register.register(entry)
    for because, models in NOBODY.items():
        register.holds_nobody(because, *models)
