"""What we write to the two sides of a stop."""

from dataclasses import replace
from typing import cast

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.wording import full_name, moment
from workflows.engine import letters
from workflows.engine.letters import OUR_DAY, THEIR_DAY, Blank, Letter
from workflows.engine.models import Case

from . import reading
from .models import Pairing

# Stored with every mail; and the kind of case, as `kind` has it.
RECEIVED = "stop_received"
TO_AMEND = "stop_to_amend"
AMENDED = "stop_amended"
LAPSED = "stop_lapsed"
ACCEPTED = "stop_accepted"
DECLINED = "stop_declined"
ASKED = "stop_asked"
PAIRED = "stop_paired"
COMES = "stop_comes"
UNPAIRED = "stop_unpaired"
RELIEVED = "stop_relieved"
TO_DATE = "stop_to_date"
SOON = "stop_soon"
WAITS = "stop_waits"
HELD = "stop_held"
TO_VALIDATE = "stop_to_validate"
TO_CHANGE = "stop_to_change"
PUBLISHED = "stop_published"
TO_EVALUATE = "stop_to_evaluate"
REFUSED = "stop_refused"
OFF = "stop_off"
STOP = "stop"


def _rapporteur(case: Case) -> str:
    pairing = reading.paired(case.stop)
    return full_name(pairing.offer.user.name) if pairing else ""


def _of_rapporteur(case: Case) -> str:
    pairing = reading.paired(case.stop)
    return pairing.offer.body.name if pairing else ""


def _last_no(case: Case) -> Pairing | None:
    """Who was asked last and does not come."""
    said_no = case.stop.pairings.filter(state=Pairing.State.DECLINED)
    return said_no.select_related("offer__user", "offer__body").last()


def _who_said_no(case: Case) -> str:
    pairing = _last_no(case)
    return full_name(pairing.offer.user.name) if pairing else ""


def _body_that_said_no(case: Case) -> str:
    pairing = _last_no(case)
    return pairing.offer.body.name if pairing else ""


def _why_not(case: Case) -> str:
    pairing = _last_no(case)
    return pairing.reason if pairing else ""


def _when(case: Case) -> str:
    appointment = case.stop.appointment
    return moment(appointment.starts) if appointment else ""


def _wanted(case: Case) -> str:
    chronicle = getattr(case.stop, "chronicle", None)
    return chronicle.wanted if chronicle else ""


# Each of its cases is of one.
BODY = replace(letters.BODY, may_lack=False)
RAPPORTEUR = Blank(
    "rapporteur",
    _("The name of who tells of it."),
    "Berta Exemple",
    _rapporteur,
    may_lack=True,
)
OF_RAPPORTEUR = Blank(
    "rapporteur_body",
    _("The local body of who tells of it."),
    _("Example Town Council"),
    _of_rapporteur,
    may_lack=True,
)
WHEN = Blank(
    "moment",
    _("The day and hour of the visit."),
    cast(Promise, _("Thursday 3 December 2026, 10:00")),
    _when,
    may_lack=True,
)
SAID_NO = (
    replace(RAPPORTEUR, value=_who_said_no),
    replace(OF_RAPPORTEUR, value=_body_that_said_no),
)
BLANKS = (BODY,)
PAIR = (BODY, RAPPORTEUR, OF_RAPPORTEUR)

LETTERS = (
    Letter(
        RECEIVED,
        case_kind=STOP,
        label=_("Stop received"),
        when=_("A body has asked for a stop of the caravan."),
        subject=_("We have your request for a stop: {number}"),
        heading=_("We have your request for a stop"),
        text=_(
            "{body} would show “{title}”. Its number is {number}[, and we say whether "
            "the caravan stops there by {day} at the latest]. Sign in to see how it "
            "goes; there you find the receipt too."
        ),
        button=_("See the stop"),
        blanks=(*BLANKS, OUR_DAY),
        must_go=_(
            "It says that it came and until when we decide (Law 39/2015, article 21.4)."
        ),
    ),
    Letter(
        TO_AMEND,
        case_kind=STOP,
        label=_("Stop to be amended"),
        when=_("Somebody of the unit asks that a stop be written otherwise."),
        subject=_("Something in your stop {number} has to be amended[ by {day}]"),
        heading=_("Something in your stop has to be amended"),
        text=_(
            "To go on with “{title}” of {body} something has to be amended[, by {day} "
            "at the latest]. If nothing comes by then, it counts as withdrawn. "
            "Meanwhile our own term does not run."
        ),
        button=_("Amend it[ by {day}]"),
        blanks=(*BLANKS, THEIR_DAY),
        tells=True,
        must_go=_(
            "It asks for something within a term, which begins with it (Law 39/2015, "
            "articles 68 and 73)."
        ),
    ),
    Letter(
        AMENDED,
        case_kind=STOP,
        label=_("Amendment of a stop received"),
        when=_("The host has sent what was to be amended."),
        subject=_("We have the amendment of {number}"),
        heading=_("We have your amendment"),
        text=_(
            "We have what {body} amended in “{title}”. Our term runs again[, and we "
            "decide by {day} at the latest]."
        ),
        button=_("See the stop"),
        blanks=(*BLANKS, OUR_DAY),
    ),
    Letter(
        LAPSED,
        case_kind=STOP,
        label=_("Stop that was not amended in time"),
        when=_("What was to be amended has not come within its term."),
        subject=_("The stop {number} counts as withdrawn"),
        heading=_("Your stop counts as withdrawn"),
        text=_(
            "What was to be amended in “{title}” of {body} has not come in time, so it "
            "counts as withdrawn. You can ask for another stop at any time."
        ),
        button=_("See the stop"),
        blanks=BLANKS,
        must_go=_("It ends the request, which is notified (Law 39/2015, article 68)."),
    ),
    Letter(
        ACCEPTED,
        case_kind=STOP,
        label=_("Stop accepted"),
        when=_("Somebody of the unit accepts a stop."),
        subject=_("The caravan stops at your place: {title} ({number})"),
        heading=_("The caravan stops at your place"),
        text=_(
            "We are glad to show “{title}” of {body}. Now we look for somebody of "
            "another body to visit you and tell of it, and write to you as soon as we "
            "have found one."
        ),
        button=_("See the stop"),
        blanks=BLANKS,
    ),
    Letter(
        DECLINED,
        case_kind=STOP,
        label=_("Stop declined"),
        when=_("Somebody of the unit declines a stop."),
        subject=_("The caravan does not stop: {title} ({number})"),
        heading=_("The caravan cannot stop there"),
        text=_("We cannot stop for “{title}” of {body}. The reason:"),
        button=_("See the stop"),
        blanks=BLANKS,
        tells=True,
        must_go=_("It is the decision, which must be notified."),
    ),
    Letter(
        ASKED,
        case_kind=STOP,
        label=_("Rapporteur asked"),
        when=_("A coordinator asks somebody to tell of a stop."),
        subject=_("Would you visit {body} for the caravan? ({number})"),
        heading=_("Would you tell of this stop?"),
        text=_(
            "{body} shows “{title}”, and we thought of you to visit it and tell of it. "
            "Look at what it is about, and say whether you come. If you cannot, tell "
            "us why, and we ask somebody else."
        ),
        button=_("Look at it and answer"),
        blanks=BLANKS,
    ),
    Letter(
        PAIRED,
        case_kind=STOP,
        label=_("Rapporteur found"),
        when=_("Who was asked to tell of a stop comes: to the host."),
        subject=_("Who visits you for the caravan ({number})"),
        heading=_("We have found who visits you"),
        text=_(
            "Somebody visits {body} to tell of “{title}”[: {rapporteur}, of "
            "{rapporteur_body}]. Please mark the dates on which it suits you: we fix "
            "one of them."
        ),
        button=_("Mark dates"),
        blanks=PAIR,
    ),
    Letter(
        COMES,
        case_kind=STOP,
        label=_("Rapporteur comes"),
        when=_("Who was asked to tell of a stop comes: to herself."),
        subject=_("Thank you: you tell of {title} ({number})"),
        heading=_("Thank you: you tell of this stop"),
        text=_(
            "You visit {body} and tell of “{title}”. Please mark the dates on which "
            "you can: we fix one of them and put it into your calendar."
        ),
        button=_("Mark dates"),
        blanks=PAIR,
    ),
    Letter(
        UNPAIRED,
        case_kind=STOP,
        label=_("Rapporteur who does not come"),
        when=_("Who was to tell of a stop does not come: to the host."),
        subject=_("We look for another visitor for your stop ({number})"),
        heading=_("Your visitor cannot come"),
        text=_(
            "Who was to visit {body} and tell of “{title}” cannot. If a date was "
            "fixed, it does not hold. We look for somebody else and write to you soon: "
            "you need not do anything."
        ),
        button=_("See the stop"),
        blanks=BLANKS,
    ),
    Letter(
        RELIEVED,
        case_kind=STOP,
        label=_("Rapporteur who is not needed"),
        when=_("The office takes a stop from who was asked to tell of it."),
        subject=_("You need not tell of {title} ({number})"),
        heading=_("You need not tell of this stop"),
        text=_(
            "Somebody else will tell of “{title}” of {body}. Thank you for having "
            "offered: we think of you for other stops."
        ),
        button=_("See your stops"),
        blanks=BLANKS,
        # That of the stop is closed to her now.
        page=lambda case: reverse("my_bodies"),
    ),
    Letter(
        TO_DATE,
        case_kind=STOP,
        label=_("Another date to be found"),
        when=_("The office looks for another date for a stop: to both sides."),
        subject=_("Another date for {title} ({number})"),
        heading=_("We look for another date"),
        text=_(
            "The visit to {body} for “{title}” is put off. Please mark the dates on "
            "which it suits you: we fix one of them."
        ),
        button=_("Mark dates"),
        blanks=BLANKS,
    ),
    Letter(
        SOON,
        case_kind=STOP,
        label=_("Visit to come"),
        when=_("A visit is some days ahead: to both sides."),
        subject=_("The visit for {title} is coming ({number})"),
        heading=_("The visit is coming"),
        text=_(
            "The visit to {body} for “{title}” is[ on {moment}]. On its page you find "
            "what is left to do before, and the tools of the kit."
        ),
        button=_("See what is left to do"),
        blanks=(*BLANKS, WHEN),
    ),
    Letter(
        WAITS,
        case_kind=STOP,
        label=_("Stop that waits for somebody"),
        when=_(
            "For a week nothing has come: an answer of the rapporteur, dates, the "
            "chronicle or what the host says of it. It is sent once."
        ),
        subject=_("The stop of {body} waits for you ({number})"),
        heading=_("This stop waits for you"),
        text=_(
            "“{title}” of {body} goes on as soon as you do what is on its page. If you "
            "cannot, say so there, and we see to it."
        ),
        button=_("See what is to be done"),
        blanks=BLANKS,
    ),
    Letter(
        HELD,
        case_kind=STOP,
        label=_("Visit held"),
        when=_("A visit was held: to who tells of it."),
        subject=_("Now it is told: {title} ({number})"),
        heading=_("Now it is told"),
        text=_(
            "Thank you for having visited {body}. Write the chronicle of “{title}” on "
            "its page: it is saved as you go, and its questions are those of the "
            "interview. Then the host reads it."
        ),
        button=_("Write the chronicle"),
        blanks=BLANKS,
    ),
    Letter(
        TO_VALIDATE,
        case_kind=STOP,
        label=_("Chronicle to be read by the host"),
        when=_("The rapporteur has sent the chronicle: to the host."),
        subject=_("Read the chronicle of your stop ({number})"),
        heading=_("The chronicle of your stop is written"),
        text=_(
            "Read what is told of “{title}” of {body}, and say whether it is right or "
            "what has to change. Nothing is published before."
        ),
        button=_("Read it"),
        blanks=PAIR,
    ),
    Letter(
        TO_CHANGE,
        case_kind=STOP,
        label=_("Chronicle to be changed"),
        when=_("The host wants something in the chronicle to be changed."),
        subject=_("{body} asks for changes in the chronicle ({number})"),
        heading=_("Something in the chronicle has to change"),
        text=_("{body} has read the chronicle of “{title}” and asks for this:"),
        button=_("Change the chronicle"),
        blanks=BLANKS,
        quoted=_wanted,
    ),
    Letter(
        PUBLISHED,
        case_kind=STOP,
        label=_("Good practice published"),
        when=_("What came of a stop is published: to both sides."),
        subject=_("Published: {title} ({number})"),
        heading=_("The good practice is published"),
        text=_(
            "“{title}” of {body} can be read by everybody. On the page of the stop you "
            "find the link and a document to print. Two questions there tell us "
            "what to keep and what to change."
        ),
        button=_("See it, and tell us how it was"),
        blanks=PAIR,
    ),
    Letter(
        TO_EVALUATE,
        case_kind=STOP,
        label=_("How a stop went"),
        when=_(
            "A week after the good practice was published: to the side that has not "
            "said how it went. It is sent once."
        ),
        subject=_("How did the stop go? {title} ({number})"),
        heading=_("How did the stop go?"),
        text=_(
            "“{title}” of {body} is published. Two questions tell us what to keep and "
            "what to change in the next stops[: you can answer until {day}]. Then the "
            "stop is closed."
        ),
        button=_("Say how it went"),
        blanks=(*BLANKS, replace(THEIR_DAY, expected=False)),
        page=lambda case: reverse("caravan_evaluate", args=[case.stop.key]),
    ),
    Letter(
        REFUSED,
        case_kind=STOP,
        label=_("Rapporteur who says no"),
        when=_("Who was asked to tell of a stop does not come: to the office."),
        subject=_("Who was asked does not come: {title} ({number})"),
        heading=_("Choose another rapporteur"),
        text=_(
            "Who was asked to tell of “{title}” of {body} does not come[: "
            "{rapporteur}, of {rapporteur_body}]. Somebody else is to be chosen. The "
            "reason, which only the staff see:"
        ),
        button=_("Choose another"),
        blanks=(*BLANKS, *SAID_NO),
        quoted=_why_not,
        page=reading.office_page,
    ),
    Letter(
        OFF,
        case_kind=STOP,
        label=_("Stop that does not take place"),
        when=_("A stop ends before it is published: to its rapporteur."),
        subject=_("The stop of {title} does not go on ({number})"),
        heading=_("This stop does not go on"),
        text=_(
            "The stop of {body} for “{title}” does not go on, so you need not do "
            "anything more for it. Thank you for having offered."
        ),
        button=_("See the stop"),
        blanks=BLANKS,
    ),
)


def register_all() -> None:
    """At start-up."""
    for letter in LETTERS:
        letters.register(letter)
