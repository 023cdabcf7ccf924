"""What we write to a local body about what it asks of the catalogue."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from workflows.engine import letters
from workflows.engine.letters import OUR_DAY, THEIR_DAY, Blank, Letter
from workflows.engine.models import Case

# Stored with every mail; and the kind of case, as `kind` has it.
RECEIVED = "request_received"
TO_AMEND = "request_to_amend"
AMENDED = "request_amended"
LAPSED = "request_lapsed"
GRANTED = "request_granted"
DENIED = "request_denied"
RENOUNCED = "request_renounced"
FINISHED = "request_finished"
REQUEST = "request"


RESOURCE = Blank(
    "resource",
    _("The resource of the catalogue."),
    _("Municipal transparency"),
    lambda case: str(case.request.resource.name),
)
# Each of its cases is of one.
BODY = replace(letters.BODY, may_lack=False)
BLANKS = (RESOURCE, BODY)


def _grounds(case: Case) -> str:
    return case.request.grounds


NOTIFIED = _("It is the decision, which must be notified (Law 39/2015, article 40).")

LETTERS = (
    Letter(
        RECEIVED,
        case_kind=REQUEST,
        label=_("Request received"),
        when=_("A body has submitted a request."),
        subject=_("We have the request of {body}: {number}"),
        heading=_("We have your request"),
        text=_(
            "{body} requests “{resource}”. Its number is {number}[, and we decide by "
            "{day} at the latest]. Sign in to see how it goes; there you find the "
            "receipt too."
        ),
        button=_("See the request"),
        blanks=(*BLANKS, OUR_DAY),
        must_go=_(
            "It says that it came and until when we decide (Law 39/2015, article 21.4)."
        ),
    ),
    Letter(
        TO_AMEND,
        case_kind=REQUEST,
        label=_("Request to be amended"),
        when=_("Somebody of the unit asks that a request be amended."),
        subject=_("The request {number} has to be amended[ by {day}]"),
        heading=_("Something in your request has to be amended"),
        text=_(
            "To go on with “{resource}” of {body} something has to be amended[, by "
            "{day} at the latest]. If nothing comes by then, the request counts as "
            "withdrawn. Meanwhile our own term does not run."
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
        case_kind=REQUEST,
        label=_("Amendment received"),
        when=_("The body has sent its amendment."),
        subject=_("We have the amendment of {number}"),
        heading=_("We have your amendment"),
        text=_(
            "We have what {body} amended in “{resource}”. Our term runs again[, and we "
            "decide by {day} at the latest]."
        ),
        button=_("See the request"),
        blanks=(*BLANKS, OUR_DAY),
    ),
    Letter(
        LAPSED,
        case_kind=REQUEST,
        label=_("Request that was not amended in time"),
        when=_("What was to be amended has not come within its term."),
        subject=_("The request {number} counts as withdrawn"),
        heading=_("Your request counts as withdrawn"),
        text=_(
            "What was to be amended in “{resource}” of {body} has not come in time, so "
            "the request counts as withdrawn. It can be made again while the resource "
            "can be requested."
        ),
        button=_("See the request"),
        blanks=BLANKS,
        must_go=_("It ends the request, which is notified (Law 39/2015, article 68)."),
    ),
    Letter(
        GRANTED,
        case_kind=REQUEST,
        label=_("Request granted"),
        when=_("A coordinator releases a decision that grants."),
        subject=_("Granted: {resource} ({number})"),
        heading=_("Your request is granted"),
        text=_(
            "“{resource}” is granted to {body}. {unit} carries it out with you, and "
            "writes to you to begin."
        ),
        button=_("See the request"),
        blanks=BLANKS,
        quoted=_grounds,
        must_go=NOTIFIED,
    ),
    Letter(
        DENIED,
        case_kind=REQUEST,
        label=_("Request denied"),
        when=_("A coordinator releases a decision that denies."),
        subject=_("Not granted: {resource} ({number})"),
        heading=_("Your request is not granted"),
        text=_("“{resource}” is not granted to {body}. The grounds:"),
        button=_("See the request"),
        blanks=BLANKS,
        quoted=_grounds,
        must_go=NOTIFIED,
    ),
    Letter(
        RENOUNCED,
        case_kind=REQUEST,
        label=_("Request renounced"),
        when=_("A representative of the body renounces what was granted."),
        subject=_("Renounced: {resource} ({number})"),
        heading=_("It is renounced"),
        text=_(
            "{body} renounces “{resource}”, which was granted to it. Nobody goes on "
            "with it."
        ),
        button=_("See the request"),
        blanks=BLANKS,
    ),
    Letter(
        FINISHED,
        case_kind=REQUEST,
        label=_("Request finished"),
        when=_("Somebody of the unit has carried out what was granted."),
        subject=_("Finished: {resource} ({number})"),
        heading=_("It is finished"),
        text=_("“{resource}” is carried out with {body}, and finished."),
        button=_("See the request"),
        blanks=BLANKS,
        tells=True,
        must_go=_("It says how it ended, and brings what was written about it."),
    ),
)


def register_all() -> None:
    """At start-up."""
    for letter in LETTERS:
        letters.register(letter)
