"""What people propose that a session should treat, and who supports it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process
from wagtail.search import index

from community.models import LocalBody, Topic, User
from community.models.bodies import search_key
from events.models import Series, Session, new_token
from workflows.engine.models import Case

from .pages import ProposalsPage as ProposalsPage


class ProposalProcess(Process):
    """The flow of one proposal."""

    class Meta:
        proxy = True
        verbose_name = _("proposal process")
        verbose_name_plural = _("proposal processes")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def public(self) -> Self:
        """Those that anybody may read: published once, and neither withdrawn nor
        closed beside the steps."""
        shown = self.filter(published__isnull=False)
        return shown.exclude(case__state=Case.State.CANCELLED)

    def hidden(self) -> Self:
        """Those that nobody but the staff and who proposed them reads."""
        return self.filter(Q(published=None) | Q(case__state=Case.State.CANCELLED))

    def ranked(self) -> Self:
        """First what most bodies want, then what most people do."""
        return self.order_by("-bodies", "-supporters", "-published", "-pk")

    def matching(self, text: str) -> Self:
        """Those with every word of `text`, with accents or without."""
        wanted = Q()
        for word in search_key(text).split()[:8]:
            wanted &= Q(search_key__contains=word)
        return self.filter(wanted)


class Proposal(index.Indexed, models.Model):
    """A topic that somebody proposes for a session (*proposta de tema*). Who proposed
    it is in its case alone, so that what is public names nobody.

    Its words do not change once it is published: people support what they read.
    `answer` and `link` are what everybody reads of what came of it.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        OPEN = "open", _("open for support")
        SHORTLISTED = "shortlisted", _("shortlisted")
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        ANSWERED = "answered", _("answered")
        MERGED = "merged", _("merged into another")
        DECLINED = "declined", _("declined")

    class Urgency(models.TextChoices):
        NOW = "now", _("I need it now")
        SOON = "soon", _("In the coming months")
        WHENEVER = "whenever", _("There is no hurry")

    class Decision(models.TextChoices):
        PUBLISH = "publish", _("Publish it, for people to support")
        ASK = "ask", _("Ask who proposed it to amend it")
        SHORTLIST = "shortlist", _("Shortlist it for a session")
        PLAN = "plan", _("A session will treat it")
        REOPEN = "reopen", _("Leave it open for support")
        MERGE = "merge", _("Merge it into another")
        ANSWER = "answer", _("Answer it")
        DECLINE = "decline", _("Decline it")
        REPLAN = "replan", _("Look for another session")

    # What can be supported, and what another can be merged into.
    SUPPORTED: ClassVar = (State.OPEN, State.SHORTLISTED)
    TAKES_OTHERS: ClassVar = (State.OPEN, State.SHORTLISTED, State.PLANNED)

    case = models.OneToOneField(Case, models.CASCADE, related_name="proposal")
    series = models.ForeignKey(
        Series, models.PROTECT, verbose_name=_("series"), related_name="proposals"
    )
    title = models.CharField(_("title"), max_length=200)
    wanted = models.TextField(_("what I want to know"))
    why = models.TextField(_("why it matters"), blank=True)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        related_name="+",
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    # Who proposed it would tell the others how it was done at her place.
    shares = models.BooleanField(_("would share experience"), default=False)
    # What people look for it by, without accents.
    search_key = models.TextField(editable=False)

    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    # What was decided last: the flow goes on by it.
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, blank=True
    )
    # No amendment came in time.
    lapsed = models.BooleanField(_("lapsed"), default=False)
    published = models.DateTimeField(_("published"), null=True)
    answer = models.TextField(_("what came of it"), blank=True)
    link = models.URLField(_("link"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        null=True,
        related_name="merged",
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        verbose_name=_("session"),
        null=True,
        related_name="proposals",
    )
    # Counted under the lock of the row, whenever somebody supports it or does no more.
    supporters = models.PositiveIntegerField(_("people"), default=0)
    bodies = models.PositiveIntegerField(_("bodies"), default=0)

    objects = ProposalQuerySet.as_manager()

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("title", boost=10),
        index.AutocompleteField("title"),
        index.SearchField("wanted", boost=2),
        index.SearchField("why"),
    ]

    class Meta:
        verbose_name = _("topic proposal")
        verbose_name_plural = _("topic proposals")
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=("-bodies", "-supporters", "-published", "-id"),
                name="proposal_ranked",
            ),
            models.Index(fields=("state", "-published"), name="proposal_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="proposal_merged_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="proposal_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("planned", "held")) | Q(session__isnull=False),
                name="proposal_planned_says_for_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "shortlisted", "planned", "held"))
                | Q(published__isnull=False),
                name="proposal_open_is_published",
            ),
        )

    def __str__(self) -> str:
        return str(self.case)

    def save(self, *args, **kwargs) -> None:
        if kwargs.get("update_fields") is None:
            self.search_key = self.found_by
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.case.number])

    @property
    def found_by(self) -> str:
        return search_key(f"{self.title} {self.wanted} {self.why}")

    @property
    def can_be_supported(self) -> bool:
        return self.state in self.SUPPORTED and self.case.is_active

    @property
    def takes_offers(self) -> bool:
        """Whether somebody is looked for who could tell more."""
        return self.state in self.TAKES_OTHERS and self.case.is_active

    @property
    def can_be_discussed(self) -> bool:
        """Whether it is public, and people may still write under it."""
        return self.published is not None and self.case.is_active


class Support(models.Model):
    """Somebody with an account wants a proposal to be treated. One each."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="supports")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    # For which she acted when she said so.
    body = models.ForeignKey(LocalBody, models.PROTECT, null=True, related_name="+")
    # She, or somebody of her body, would tell the others how it was done there.
    shares = models.BooleanField(_("can share experience"), default=False)
    experience = models.CharField(_("what was done"), max_length=300, blank=True)
    # Whether mails tell her what becomes of it, and what opens the page to say so.
    told = models.BooleanField(_("is told of it"), default=True)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "user"), name="support_one_each"
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} · {self.user_id}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def by_members(self) -> Self:
        return self.exclude(user=None)

    def additions(self) -> Self:
        """What who proposed it has added since, the oldest first."""
        return self.filter(user=None).order_by("pk")

    def shown(self) -> Self:
        return self.filter(state=Comment.State.SHOWN)

    def waiting(self) -> Self:
        """Those that the team has to look at before anybody reads them."""
        return self.filter(state=Comment.State.WAITING)

    def hidden(self) -> Self:
        return self.filter(state=Comment.State.HIDDEN)


class Comment(models.Model):
    """What somebody with an account writes under a proposal or, without a `user`, what
    who proposed it adds to its words, which stay as they were supported."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be looked at")
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("hidden")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="comments")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    # For which she acted when she wrote it: what everybody reads instead of a name.
    body = models.ForeignKey(LocalBody, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("comment"))
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    # Why it is hidden, for who wrote it.
    reason = models.CharField(_("why"), max_length=500, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    form_key = models.UUIDField(null=True, editable=False)
    created = models.DateTimeField(_("written"), auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=("proposal",),
                condition=Q(state="waiting"),
                name="comment_waiting",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("user", "form_key"), name="comment_sent_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | ~Q(reason=""),
                name="comment_hidden_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} · {self.pk}"
