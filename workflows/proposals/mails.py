"""What we write about a proposal: to who proposed it, and to those who support it."""

from collections.abc import Iterator

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from community.acting import mails
from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.models import Message
from events.models import Session
from events.wording import long_date
from workflows.engine import letters
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import About, Queued
from workflows.engine.letters import OUR_DAY, THEIR_DAY, Blank, Letter
from workflows.engine.models import Case

from . import early_mails
from .models import Comment, Proposal, Support

# Stored with every mail; and the kind of case, as `kind` has it.
RECEIVED = "proposal_received"
PUBLISHED = "proposal_published"
TO_AMEND = "proposal_to_amend"
LAPSED = "proposal_lapsed"
MERGED = "proposal_merged"
JOINED = "proposal_joined"
SHORTLISTED = "proposal_shortlisted"
PLANNED = "proposal_planned"
REPLANNED = "proposal_replanned"
HELD = "proposal_held"
ANSWER = "proposal_answer"
DECLINED = "proposal_declined"
ADDITION_HIDDEN = "proposal_addition_hidden"
SUPPORTED = "proposal_supported"
COMMENTED = "proposal_comment"
PROPOSAL = "proposal"


def day_of(proposal: Proposal) -> str:
    """The day of its session, once everybody may know it; "" until then."""
    session = proposal.session
    if session is None or session.state == Session.State.DRAFT:
        return ""
    return long_date(timezone.localdate(session.starts))


def _why_hidden(case: Case) -> str:
    additions = case.proposal.comments.additions().hidden()
    last = additions.order_by("-looked_at").first()
    return last.reason if last else ""


SESSION_DAY = Blank(
    "when",
    _("The day of the session, once it is announced."),
    _("Thursday, 26 November 2026"),
    lambda case: day_of(case.proposal),
    may_lack=True,
)

LETTERS = (
    Letter(
        RECEIVED,
        case_kind=PROPOSAL,
        label=_("Proposal received"),
        when=_("Somebody has proposed a topic."),
        subject=_("We have your proposal: {number}"),
        heading=_("We have your proposal"),
        text=_(
            "We have “{title}”. Before it is published we look at it[, by {day} at the "
            "latest]. On your page you see at any time how it goes, and can withdraw "
            "it."
        ),
        button=_("See how it goes"),
        blanks=(OUR_DAY,),
        must_go=_(
            "It carries the link to the personal page for the first time, and says "
            "until when we answer (Law 39/2015, article 21.4)."
        ),
    ),
    Letter(
        PUBLISHED,
        case_kind=PROPOSAL,
        label=_("Proposal published"),
        when=_("A proposal is published, for people to support."),
        subject=_("Your proposal is published: {number}"),
        heading=_("Your proposal is published"),
        text=_(
            "“{title}” is published, without your name, and people can support it. We "
            "write to you whenever something comes of it."
        ),
        button=_("See how it goes"),
    ),
    Letter(
        TO_AMEND,
        case_kind=PROPOSAL,
        label=_("Proposal to be amended"),
        when=_("Before it is published, who proposed it is asked to amend it."),
        subject=_("Put your proposal in other words: {number}"),
        heading=_("Please put it in other words"),
        text=_("Before we publish “{title}” we ask you something:"),
        button=_("Amend it[ by {day}]"),
        blanks=(THEIR_DAY,),
        tells=True,
        must_go=_(
            "It asks for something within a term, which begins with it (Law 39/2015, "
            "article 73)."
        ),
    ),
    Letter(
        LAPSED,
        case_kind=PROPOSAL,
        label=_("Proposal closed for lack of an amendment"),
        when=_("Who proposed it has not amended it in time."),
        subject=_("We have closed your proposal: {number}"),
        heading=_("We have closed your proposal"),
        text=_(
            "We asked you something about “{title}” and have not heard from you in "
            "time, so we have closed it. You can propose it again at any time."
        ),
        button=_("See the proposal"),
    ),
    Letter(
        MERGED,
        case_kind=PROPOSAL,
        label=_("Proposal merged into another"),
        when=_("Another proposal says the same, and this one goes on as that."),
        subject=_("Your proposal goes on as another: {number}"),
        heading=_("Your proposal goes on as another"),
        text=_("Another proposal says the same as “{title}”:"),
        button=_("See the proposal"),
        tells=True,
    ),
    Letter(
        JOINED,
        case_kind=PROPOSAL,
        label=_("Another proposal goes on as this one"),
        when=_("Another proposal is merged into one."),
        subject=_("Another proposal goes on as yours: {number}"),
        heading=_("Another proposal goes on as yours"),
        text=_(
            "Somebody else proposed the same as “{title}”. Both go on as yours, with "
            "all who support them."
        ),
        button=_("See how it goes"),
    ),
    Letter(
        SHORTLISTED,
        case_kind=PROPOSAL,
        label=_("Proposal shortlisted"),
        when=_("A proposal is among those that the next sessions are chosen from."),
        subject=_("Your proposal may become a session: {number}"),
        heading=_("Your proposal may become a session"),
        text=_("“{title}” is among those that we choose the next sessions from."),
        button=_("See how it goes"),
    ),
    Letter(
        PLANNED,
        case_kind=PROPOSAL,
        label=_("Proposal planned"),
        when=_("It is said which session will treat it."),
        subject=_("A session will treat your proposal: {number}"),
        heading=_("A session will treat your proposal"),
        text=_("A session will treat “{title}”[: it is on {when}]."),
        button=_("See how it goes"),
        blanks=(SESSION_DAY,),
    ),
    Letter(
        REPLANNED,
        case_kind=PROPOSAL,
        label=_("Another session looked for"),
        when=_("The session that was to treat it is cancelled, or treats it no more."),
        subject=_("We look for another session for your proposal: {number}"),
        heading=_("We look for another session"),
        text=_(
            "The session that was to treat “{title}” does not treat it after all. It "
            "is again among those that we choose the next sessions from."
        ),
        button=_("See how it goes"),
    ),
    Letter(
        HELD,
        case_kind=PROPOSAL,
        label=_("Session of a proposal held"),
        when=_("The session that treats it is over."),
        subject=_("Your proposal has been treated: {number}"),
        heading=_("Your proposal has been treated"),
        text=_(
            "The session about “{title}” has been held. On its page you find what was "
            "left of it, as soon as it is there."
        ),
        button=_("See how it goes"),
    ),
    Letter(
        ANSWER,
        case_kind=PROPOSAL,
        label=_("Proposal answered"),
        when=_("It is said what came of it, with a session or without."),
        subject=_("Answer to your proposal: {number}"),
        heading=_("The answer to your proposal"),
        text=_("You proposed “{title}”. We answer:"),
        button=_("See the proposal"),
        tells=True,
        must_go=_("It is the answer, which must be notified (Law 39/2015, art. 40)."),
    ),
    Letter(
        ADDITION_HIDDEN,
        case_kind=PROPOSAL,
        label=_("What was added to a proposal is hidden"),
        when=_("Somebody of the staff hides what who proposed it has added."),
        subject=_("We have hidden what you added: {number}"),
        heading=_("We have hidden what you added"),
        text=_("Nobody reads any more what you added to “{title}”. The reason:"),
        button=_("See the proposal"),
        quoted=_why_hidden,
        must_go=_("It says why something of the reader’s is read no more."),
    ),
    Letter(
        DECLINED,
        case_kind=PROPOSAL,
        label=_("Proposal declined"),
        when=_("No session will treat it."),
        subject=_("We do not go on with your proposal: {number}"),
        heading=_("We do not go on with your proposal"),
        text=_("No session will treat “{title}”. The reason:"),
        button=_("See the proposal"),
        tells=True,
        must_go=_("It is the answer, which must be notified (Law 39/2015, art. 40)."),
    ),
)


# To those who support it -------------------------------------------------------------


def tell_supporters(proposal: Proposal) -> None:
    """Queue a mail to each who supports it and wants to hear, but for who proposed it,
    who has another: what has become of it."""
    rows = proposal.supports.select_related("user")
    outbox.queue(
        Message(
            kind=SUPPORTED,
            about=proposal.pk,
            recipient=row.user.email,
            language=row.user.language,
            # It is written when it leaves: of two changes at once the last is told.
            dedupe_key=f"{SUPPORTED}:{proposal.pk}:{row.user_id}",
        )
        for row in rows.filter(user__is_active=True, told=True)
        if row.user.email.lower() != proposal.case.email.lower()
    )


def tell_of_end(case: Case) -> None:
    """Queue to who supports it that it was withdrawn, or closed beside the steps: what
    ends otherwise has been told."""
    if case.state == Case.State.CANCELLED:
        tell_supporters(case.proposal)


def queued(case: Case, key: int) -> Queued:
    """What would leave: to who proposed it and who proposed one that it joins, to who
    wrote under it, and to those who support it, to whom it says the same in each
    language."""
    proposal = case.proposal
    ours = Q(order_key=case.thread)
    if proposal.merged_into:
        ours |= Q(kind=JOINED, about=proposal.merged_into.case_id)
    rows = Message.objects.filter(ours, pk__gt=key).order_by("pk")
    found = [(row.language, letters.preview(row)) for row in rows]
    comments = proposal.comments.values("pk")
    written = Message.objects.filter(kind=COMMENTED, about__in=comments, pk__gt=key)
    found += [(row.language, _commented(row)) for row in written]
    alike = (SUPPORTED, early_mails.ANNOUNCED)
    others = Message.objects.filter(kind__in=alike, about=proposal.pk, pk__gt=key)
    shown: dict[tuple[str, str], EmailMultiAlternatives] = {}
    for row in others.order_by("pk"):
        same = (row.kind, row.language)
        if same not in shown:
            shown[same] = _preview(row)
        found.append((row.language, shown[same]))
    return found


# What the mails to who asked for something are about, and those to who wrote under it.
PROPOSALS, COMMENTS = About(Proposal, "case"), About(Comment, "proposal__case")


def _preview(row: Message) -> EmailMultiAlternatives:
    """As the staff see it: without the links that are its reader's own."""
    if row.kind == early_mails.ANNOUNCED:
        return early_mails.preview(row)
    return _news_mail(row, _told(row), leave="")


def _told(row: Message) -> Proposal:
    rows = Proposal.objects.select_related("case", "session", "merged_into__case")
    return rows.get(pk=row.about or 0)


def _support_of(row: Message) -> Support | None:
    """That of who reads it; of a proposal that was merged, in that which it joined."""
    same = Q(proposal=row.about) | Q(proposal__merged=row.about)
    return Support.objects.filter(same, user__email__iexact=row.recipient).first()


def _supported(row: Message) -> EmailMultiAlternatives:
    support = _support_of(row)
    leave = reverse("mute_proposal", args=[support.token]) if support else ""
    return _news_mail(row, _told(row), leave and mails.absolute(leave))


def _news_mail(row: Message, proposal: Proposal, leave: str) -> EmailMultiAlternatives:
    """What has become of it; `leave` is where the reader says that she wants to hear of
    it no more."""
    with override(row.language):
        shown = proposal.merged_into or proposal
        is_public = shown.case.state != Case.State.CANCELLED
        page = shown.get_absolute_url() if is_public else reverse("proposals")
        letter = mails.Letter(
            subject=gettext("News of “%(title)s”") % {"title": proposal.title},
            heading=gettext("What has become of a proposal that you support"),
            text=" ".join(_news(proposal)),
            button=gettext("See the proposal")
            if is_public
            else gettext("See what others propose"),
            link=mails.absolute(page),
        )
        mail = compose(
            "proposal_news",
            recipient=row.recipient,
            language=row.language,
            context={"letter": letter, "leave": leave},
        )
    if leave:
        # One click, without opening anything (RFC 8058).
        mail.extra_headers["List-Unsubscribe"] = f"<{leave}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def _news(proposal: Proposal) -> Iterator[str]:
    """What has become of it, in the active language."""
    state, names = proposal.State, {"title": proposal.title, "day": day_of(proposal)}
    if proposal.case.state == Case.State.CANCELLED:
        is_withdrawn = proposal.case.outcome == BY_APPLICANT
        words = (
            gettext(
                "Who proposed “%(title)s” has withdrawn it: nobody goes on with it."
            )
            if is_withdrawn
            else gettext("We have closed “%(title)s”: nobody goes on with it.")
        )
        yield words % names
        return
    match proposal.state:
        case state.SHORTLISTED if proposal.decision == Proposal.Decision.REPLAN:
            words = gettext(
                "The session that was to treat “%(title)s” does not treat it after "
                "all: we look for another."
            )
        case state.SHORTLISTED:
            words = gettext(
                "“%(title)s” is among those that we choose the next sessions from."
            )
        case state.PLANNED if names["day"]:
            words = gettext("A session will treat “%(title)s”: it is on %(day)s.")
        case state.PLANNED:
            words = gettext("A session will treat “%(title)s”.")
        case state.HELD:
            words = gettext(
                "The session about “%(title)s” has been held. What is left of it, such "
                "as the recording, is here as soon as it is there."
            )
        case state.ANSWERED:
            words = gettext("“%(title)s” is answered:")
        case state.DECLINED:
            words = gettext("No session will treat “%(title)s”. The reason:")
        case state.MERGED:
            words = gettext(
                "Another proposal says the same as “%(title)s”: it goes on there."
            )
        case _:
            words = gettext("“%(title)s” is open for support.")
    yield words % names
    if proposal.answer:
        yield proposal.answer


def _pointless(row: Message) -> str:
    if not Proposal.objects.filter(pk=row.about or 0, published__isnull=False).exists():
        return "It is not public any more."
    support = _support_of(row)
    if support is None:
        return "The reader supports it no more."
    return "" if support.told else "The reader wants to hear of it no more."


# To who wrote under it ---------------------------------------------------------------


def tell_author(comment: Comment) -> None:
    """Queue to who wrote `comment` what became of it; of what who proposed it has
    added, only that it was hidden."""
    author = comment.user
    if author is None:
        if comment.state == Comment.State.HIDDEN:
            letters.tell(ADDITION_HIDDEN, comment.proposal.case)
        return
    if not author.is_active:
        return
    outbox.queue(
        [
            Message(
                kind=COMMENTED,
                about=comment.pk,
                recipient=author.email,
                language=author.language,
                dedupe_key=f"{COMMENTED}:{comment.pk}",
            )
        ]
    )


def _commented(row: Message) -> EmailMultiAlternatives:
    comment = Comment.objects.select_related("proposal__case").get(pk=row.about or 0)
    with override(row.language):
        names = {"title": comment.proposal.title, "reason": comment.reason}
        if comment.state == Comment.State.HIDDEN:
            subject = gettext("We have hidden your comment")
            text = gettext(
                "Nobody reads any more what you wrote under “%(title)s”. The reason: "
                "%(reason)s"
            )
        else:
            subject = gettext("Your comment is published")
            text = gettext(
                "Everybody reads now what you wrote under “%(title)s”, with the name "
                "of your local body and not with yours. What you write from now on is "
                "shown at once."
            )
        page = comment.proposal.get_absolute_url() + "#comments"
        letter = mails.Letter(
            subject=subject,
            heading=subject,
            text=text % names,
            button=gettext("See the proposal"),
            link=mails.absolute(page),
        )
        return mails.write(row, letter)


def _is_gone(row: Message) -> str:
    there = Comment.objects.filter(pk=row.about or 0)
    looked_at = there.exclude(state=Comment.State.WAITING).exists()
    return "" if looked_at else "The comment is not there any more."


def register_all() -> None:
    """At start-up."""
    for letter in LETTERS:
        letters.register(letter)
    label = _("News of a proposal that one supports")
    kinds.register(Kind(SUPPORTED, label, _supported, _pointless, secret=True))
    kinds.register(Kind(COMMENTED, _("What became of a comment"), _commented, _is_gone))
