"""What we write about a consultation."""

from django.utils.translation import gettext_lazy as _

from workflows.engine import letters
from workflows.engine.letters import OUR_DAY, THEIR_DAY, Letter

# Stored with every mail; and the kind of case, as `kind` has it.
RECEIVED = "consultation_received"
ASKED_BACK = "consultation_asked_back"
ANSWER = "consultation_answer"
LAPSED = "consultation_lapsed"
CONSULTATION = "consultation"


LETTERS = (
    Letter(
        RECEIVED,
        case_kind=CONSULTATION,
        label=_("Consultation received"),
        when=_("Somebody has asked something."),
        subject=_("We have your question: {number}"),
        heading=_("We have your question"),
        text=_(
            "We have “{title}” and will answer you[, by {day} at the latest]. On your "
            "page you see at any time how it goes, and can withdraw it."
        ),
        button=_("See how it goes"),
        blanks=(OUR_DAY,),
        must_go=_(
            "It carries the link to the personal page for the first time, and says "
            "until when we answer (Law 39/2015, article 21.4)."
        ),
    ),
    Letter(
        ASKED_BACK,
        case_kind=CONSULTATION,
        label=_("Consultation: something asked back"),
        when=_("Somebody of the unit asks the applicant something."),
        subject=_("We need something more to answer you: {number}"),
        heading=_("We need to know something more"),
        text=_("To answer “{title}” we need to know something more:"),
        button=_("Answer it[ by {day}]"),
        blanks=(THEIR_DAY,),
        tells=True,
        must_go=_(
            "It asks for something within a term, which begins with it (Law 39/2015, "
            "article 73)."
        ),
    ),
    Letter(
        ANSWER,
        case_kind=CONSULTATION,
        label=_("Consultation answered"),
        when=_("Somebody of the unit answers the question."),
        subject=_("Answer to your question: {number}"),
        heading=_("The answer to your question"),
        text=_("You asked us “{title}”. We answer:"),
        button=_("Tell us whether it was useful"),
        tells=True,
        must_go=_("It is the answer: the page promises that it comes by mail."),
    ),
    Letter(
        LAPSED,
        case_kind=CONSULTATION,
        label=_("Consultation closed for lack of an answer"),
        when=_("The applicant has not answered in time what was asked."),
        subject=_("We have closed your question: {number}"),
        heading=_("We have closed your question"),
        text=_(
            "We asked you something about “{title}” and have not heard from you in "
            "time, so we have closed it. If you still need it, ask us again."
        ),
        button=_("See the question"),
    ),
)


def register_all() -> None:
    """At start-up."""
    for letter in LETTERS:
        letters.register(letter)
