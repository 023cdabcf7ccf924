"""The mails about cases. All have one shape; what each says, its kind of mail says, and
the coordinators may say it otherwise (`Wording`).

A mail is written when it leaves, as the case and its wording are then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.cover import today
from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message
from community.models import User
from events.wording import full_name, long_date

from . import filling
from .kinds import kind_of, of_bodies, other_mails
from .models import Case, CaseQuerySet, Deadline, Entry, Wording
from .models.wordings import PARTS

CANCELLED = "case_cancelled"
WITHDRAWN = "case_withdrawn"
EXTENDED = "case_extended"
SENT = "case_sent"

# In the history of a case: a mail that is switched off would have left.
NOT_SENT = "engine.mail_not_sent"

Words = str | Promise


@dataclass(frozen=True)
class Blank:
    """Something of a case that a mail can say: `{name}` in its texts.

    `words` tell the coordinators what it is, and `example` stands for it where they see
    how the mail looks.
    `value` is what it says, in the reader's language. One that `may_lack` is "" in some
    cases.
    Of a text that does not say what is `expected` the coordinators are warned.
    """

    name: str
    words: Words
    example: Words
    value: Callable[[Case], str]
    may_lack: bool = False
    expected: bool = False

    @property
    def sign(self) -> str:
        return f"{{{self.name}}}"


@dataclass(frozen=True)
class Letter:
    """A kind of mail about a case: what happened (`subject`, `heading`, `text`), then
    perhaps the words of somebody (`quoted`), then the `button` to the personal page.

    `name` is stored in rows: it never changes without a migration.
    `label` and `when` it is sent are what the staff read.
    The texts have `blanks`, and those of every case, as `filling` has it.
    `case_kind` is the kind of case that it is about; "" for every kind.
    One that `tells` brings what was last written to the applicant: its words, and the
    names of its files.
    `must_go` says why it cannot be switched off; "" if it can.
    `page` is where its button leads, if not to the case.
    """

    name: str
    label: Words
    when: Words
    subject: Words
    heading: Words
    text: Words
    button: Words
    case_kind: str = ""
    blanks: tuple[Blank, ...] = ()
    quoted: Callable[[Case], str] | None = None
    tells: bool = False
    must_go: Words = ""
    page: Callable[[Case], str] | None = None

    @property
    def all_blanks(self) -> tuple[Blank, ...]:
        """Its own, and of those of every case what it does not know better."""
        own = {blank.name for blank in self.blanks}
        return (*self.blanks, *(one for one in OF_EVERY_CASE if one.name not in own))

    def texts(self, language: str) -> dict[str, str]:
        """What comes with the site, by part."""
        with override(language):
            return {part: str(getattr(self, part)) for part in PARTS}

    def faults(self, text: str) -> list[str]:
        """What is wrong with `text` in one of its parts, in words."""
        may_lack = [blank.name for blank in self.all_blanks if blank.may_lack]
        return filling.faults(text, [b.name for b in self.all_blanks], may_lack)

    def unsaid(self, texts: Mapping[str, str]) -> list[Blank]:
        """What is expected and none of `texts` says."""
        said = filling.blanks_of("\n".join(texts.values()))
        return [b for b in self.all_blanks if b.expected and b.name not in said]


class Written(NamedTuple):
    """A letter with everything in its blanks; `html` is its text for HTML."""

    subject: str
    heading: str
    text: str
    html: SafeString
    button: str
    quoted: str
    files: Sequence[str] = ()


_letters: dict[str, Letter] = {}


def register(letter: Letter) -> None:
    """Make `letter` known, and the outbox send it. A name is taken once."""
    kinds.register(Kind(letter.name, cast(str, letter.label), _render, _pointless))
    _letters[letter.name] = letter


def known() -> list[Letter]:
    """Every kind of mail about cases."""
    return list(_letters.values())


def letter_of(name: str) -> Letter | None:
    return _letters.get(name)


def names() -> list[str]:
    """The names of the kinds of mail that are about cases."""
    return sorted(_letters)


def mails_of(case: Case) -> QuerySet[Message]:
    """The mails about `case`, but for those that tell many."""
    kind = kind_of(case)
    found = Q(order_key=kind.thread(case))
    this = Case.objects.filter(pk=case.pk)
    for name, about in kind.other_mails.items():
        # Found first: with a subquery every mail there is would be read.
        found |= Q(kind=name, about__in=list(about(this)))
    return Message.objects.filter(found)


def about_cases(cases: CaseQuerySet) -> Q:
    """The mails about one of `cases`."""
    found = Q(kind__in=names(), about__in=cases.values("pk"))
    for name, about in other_mails().items():
        found |= Q(kind=name, about__in=about(cases))
    return found


def tell(name: str, case: Case, to: Iterable[User] | None = None) -> None:
    """Queue a mail of the kind `name` to the applicant, or to the people of the body
    whose case it is, or write down that it is switched off. Call it in the transaction
    of what it tells.

    `to` are others who read it, where a case of a body has another side: the page to
    which it leads has to know who they are.
    """
    readers = _readers(case) if to is None else _addresses(to)
    if not readers:
        return
    if not _is_sent(_letters[name]):
        log(case, NOT_SENT, data={"mail": name})
        return
    outbox.queue(
        Message(
            kind=name,
            about=case.pk,
            recipient=address,
            language=language,
            order_key=case.thread,
        )
        for address, language in readers
    )


def _readers(case: Case) -> list[tuple[str, str]]:
    """The addresses to which mails about `case` go, each with its language."""
    if of_body := kind_of(case).of_body:
        return _addresses(of_body.readers(case))
    return [(case.email, case.language)] if case.email else []


def _addresses(users: Iterable[User]) -> list[tuple[str, str]]:
    return [(user.email, user.language) for user in users if user.erased is None]


def _is_sent(letter: Letter) -> bool:
    off = Wording.objects.filter(letter=letter.name, is_sent=False)
    return bool(letter.must_go) or not off.exists()


def not_sent(case: Case) -> QuerySet[ModelLogEntry]:
    """What is written down of mails that were switched off, the oldest first."""
    return logs.get_logs_for_instance(case).filter(action=NOT_SENT).order_by("pk")


def label_of(entry: ModelLogEntry) -> str:
    """Which mail `entry` says was switched off, in words; "" if none."""
    letter = _letters.get(entry.data.get("mail", ""))
    return str(letter.label) if letter else ""


def preview(row: Message) -> EmailMultiAlternatives:
    """The mail `row` as it would leave now, for the staff to see: the link to a
    personal page is cut short, since it is the applicant's alone."""
    return _write(row, _shown_page)


def sample(
    letter: Letter, language: str, texts: Mapping[str, str], case: Case | None = None
) -> EmailMultiAlternatives:
    """The mail with `texts` as the applicant of `case` would read it in `language`,
    without the personal link. What the case does not have, and all of it without a
    case, is invented."""
    with override(language):
        values = {blank.name: str(blank.example) for blank in letter.all_blanks}
        quoted = str(QUOTED) if letter.quoted or letter.tells else ""
        names: list[str] = []
        if case:
            values |= {k: v for k, v in _values(letter, case).items() if v}
            words, names = _quoted(letter, case, timezone.now())
            quoted = words or quoted
        else:
            case = Case(
                kind=letter.case_kind,
                number=str(NUMBER.example),
                email="ada.exemple@example.org",
            )
    written = _filled(texts, values, quoted, names)
    return _compose(written, case, case.email, language, _absolute("/c/…/"))


def _shown_page(case: Case) -> str:
    return own_page(case) if kind_of(case).of_body else _absolute("/c/…/")


def own_page(case: Case) -> str:
    """The applicant's own page, which belongs in mails to the applicant and nowhere
    else; or that of a case of a body, which asks who one is."""
    if of_body := kind_of(case).of_body:
        return _absolute(of_body.page(case))
    return _absolute(reverse("my_case", args=[case.token]))


def _absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _render(row: Message) -> EmailMultiAlternatives:
    return _write(row, own_page)


def _write(row: Message, link: Callable[[Case], str]) -> EmailMultiAlternatives:
    cases = Case.objects.select_related("unit", "body", "process")
    case, letter = cases.get(pk=row.about or 0), _letters[row.kind]
    with override(row.language):
        values = _values(letter, case)
        quoted, names = _quoted(letter, case, row.created)
        page = _absolute(letter.page(case)) if letter.page else link(case)
    written = _filled(_worded(letter, row.language), values, quoted, names)
    return _compose(written, case, row.recipient, row.language, page)


def _quoted(letter: Letter, case: Case, when: datetime) -> tuple[str, list[str]]:
    """What a mail that was queued at `when` quotes, and the files that it names: what
    was written to the applicant since then has a mail of its own."""
    if not letter.tells:
        return (letter.quoted(case) if letter.quoted else ""), []
    written = case.entries.filter(way=Entry.Way.OUT, created__lte=when).last()
    if written is None:
        return "", []
    return written.text, list(written.files.values_list("name", flat=True))


def _values(letter: Letter, case: Case) -> dict[str, str]:
    return {blank.name: str(blank.value(case)) for blank in letter.all_blanks}


def _worded(letter: Letter, language: str) -> dict[str, str]:
    """The texts of the house, and what comes with the site where it has none of its
    own, or one that is not sound any more."""
    house = Wording.objects.filter(letter=letter.name).first()
    own = house.own(language) if house else {}
    sound = {part: text for part, text in own.items() if not letter.faults(text)}
    return {**letter.texts(language), **sound}


def _filled(
    texts: Mapping[str, str],
    values: Mapping[str, str],
    quoted: str,
    files: Sequence[str],
) -> Written:
    lines = {part: filling.fill(texts[part], values) for part in PARTS}
    html = filling.fill_html(texts["text"], values)
    return Written(html=html, quoted=quoted, files=files, **lines)


def _compose(
    written: Written, case: Case, recipient: str, language: str, link: str
) -> EmailMultiAlternatives:
    context = {
        "case": case,
        "letter": written,
        "links": {"own": link},
        "asks_who": case.kind in of_bodies(),
    }
    return compose("case", recipient=recipient, language=language, context=context)


def _pointless(row: Message) -> str:
    case = Case.objects.filter(pk=row.about or 0).first()
    return "The case was made anonymous." if case is None or case.erased else ""


# What every case has to say ---------------------------------------------------------


def _day(day: date | None) -> str:
    return long_date(day) if day else ""


_in_a_fortnight = lazy(lambda: _day(today() + timedelta(days=14)), str)

NUMBER = Blank(
    "number", _("The number of the case."), "EXP-2026-0012", lambda case: case.number
)
TITLE = Blank(
    "title",
    _("What it is about, in the words of who asked."),
    _("Publishing the minutes of the council"),
    lambda case: case.title or case.number,
)
NAME = Blank(
    "name",
    _("The name of the applicant."),
    "Ada Exemple",
    # Anybody may have written it: not what is a sentence, or a link.
    lambda case: full_name(case.name),
    may_lack=True,
)
BODY = Blank(
    "body",
    _("The local body that it is for."),
    _("Example Town Council"),
    lambda case: case.body.name if case.body else "",
    may_lack=True,
)
UNIT = Blank(
    "unit",
    _("The unit that looks after it."),
    _("Open Government"),
    lambda case: str(case.unit.name),
)
OF_EVERY_CASE = (NUMBER, TITLE, NAME, BODY, UNIT)

OUR_DAY = Blank(
    "day",
    _("The last day of our own term."),
    cast(Promise, _in_a_fortnight()),
    lambda case: _day(case.due),
    may_lack=True,
    expected=True,
)
THEIR_DAY = Blank(
    "day",
    _("The last day on which the applicant can answer."),
    cast(Promise, _in_a_fortnight()),
    lambda case: _day(case.answer_by),
    may_lack=True,
    expected=True,
)
QUOTED = _("(Here stands what was written in the case.)")


# The mails that every kind of case has ----------------------------------------------


def _why_longer(case: Case) -> str:
    longer = case.deadlines.filter(whose=Deadline.Whose.OURS, extension__gt=0)
    deadline = longer.order_by("pk").last()
    return deadline.extension_reason if deadline else ""


LETTERS = (
    Letter(
        CANCELLED,
        label=_("Case closed by the staff"),
        when=_("Somebody of the staff closes a case without settling it."),
        subject=_("We have closed your case {number}"),
        heading=_("We have closed your case"),
        text=_("We do not go on with “{title}” ({number}). The reason:"),
        button=_("See the case"),
        quoted=lambda case: case.reason,
        must_go=_(
            "It says that nobody goes on with it and why, which must be notified (Law "
            "39/2015, articles 21 and 40)."
        ),
    ),
    Letter(
        WITHDRAWN,
        label=_("Case withdrawn"),
        when=_("The applicant withdraws a case on the personal page."),
        subject=_("You have withdrawn your case {number}"),
        heading=_("It is withdrawn"),
        text=_(
            "As you asked, nobody goes on with “{title}” ({number}). You do not need "
            "to do anything else."
        ),
        button=_("See the case"),
    ),
    Letter(
        EXTENDED,
        label=_("Deadline made longer"),
        when=_("Somebody of the staff makes our own term longer."),
        subject=_("We need more time for your case {number}"),
        heading=_("We need more time"),
        text=_(
            "We need more time for “{title}” ({number})[: until {day}]. The reason:"
        ),
        button=_("See the case"),
        blanks=(OUR_DAY,),
        quoted=_why_longer,
        must_go=_("The law asks that it be notified (Law 39/2015, article 32)."),
    ),
    Letter(
        SENT,
        label=_("Something written to the applicant"),
        when=_("Somebody of the staff writes to the applicant beside the steps."),
        subject=_("We write to you about your case {number}"),
        heading=_("We write to you about your case"),
        text=_("We write to you about “{title}” ({number}):"),
        button=_("See the case"),
        tells=True,
        must_go=_("It is what somebody has written to the applicant."),
    ),
)


def register_all() -> None:
    """At start-up: the mails that every kind of case has."""
    for letter in LETTERS:
        register(letter)
