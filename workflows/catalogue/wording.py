"""An answer of `eligibility` in words of the active language."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.models import LocalBody
from events.wording import long_date

from .eligibility import Answer, Body, Reason, Rule, Terms, Tone, Window

SIGNS = {
    Tone.YES: "ok",
    Tone.NO: "no",
    Tone.LATER: "clock",
    Tone.WAIT: "wait",
    Tone.UNSURE: "info",
}


class Said(NamedTuple):
    """One rule in words: what was found, and what the rule asks. `sign` is an icon."""

    tone: str
    sign: str
    found: str
    rule: str


class Verdict:
    """An answer in words: `word` first, then `text` in one line, then each reason;
    each is worded when it is read. `tone` is yes, no or later.

    `answer` is that for `body` under those `terms`, whose instrument is called
    `instrument`. The numbers of requests are the body's own: only who may see them
    reads the answer `with_numbers`.
    """

    def __init__(
        self,
        answer: Answer,
        body: Body,
        terms: Terms,
        instrument: str = "",
        *,
        with_numbers: bool = False,
    ) -> None:
        self._about = About(answer, body, terms, instrument, with_numbers)
        self._answer = answer
        is_later = answer.tone in (Tone.WAIT, Tone.UNSURE)
        self.tone = "later" if is_later else answer.tone.value
        self.sign = SIGNS[answer.tone]
        self.can = answer.can

    @property
    def word(self) -> str:
        return _word(self._about)

    @property
    def text(self) -> str:
        first = self._answer.first_no
        if first is None:
            return _("All that it asks is so.")
        said = _said(first, self._about)
        return f"{said.found}. {said.rule}"

    @property
    def line(self) -> SafeString:
        """Its words at the foot of a card."""
        return _line(self.tone, self.sign, self.word, self.text)

    @property
    def reasons(self) -> list[Said]:
        return [_said(reason, self._about) for reason in self._answer.reasons]


class About(NamedTuple):
    """All that the words of an answer are taken from."""

    answer: Answer
    body: Body
    terms: Terms
    instrument: str
    with_numbers: bool


# A list says few things, again and again.
@lru_cache(maxsize=1000)
def _line(tone: str, sign: str, word: str, text: str) -> SafeString:
    verdict = {"tone": tone, "sign": sign, "word": word, "text": text}
    return render_to_string("components/verdict.html", {"verdict": verdict})


def kinds_in_words(kinds: Iterable[str]) -> str:
    """*municipality, consortium*, in the order in which the site names them."""
    chosen = [str(kind.label) for kind in LocalBody.Kind if kind.value in kinds]
    return ", ".join(chosen)


def people(number: int) -> str:
    """*5.983.381*"""
    return formats.number_format(number, force_grouping=True)


def band_in_words(least: int | None, most: int | None) -> str:
    """*up to 20,000 inhabitants*; "" if it is for all."""
    if least is not None and most is not None:
        words = _("from %(least)s to %(most)s inhabitants")
    elif most is not None:
        words = _("up to %(most)s inhabitants")
    elif least is not None:
        words = _("from %(least)s inhabitants")
    else:
        return ""
    return words % {"least": people(least or 0), "most": people(most or 0)}


def window_in_words(window: Window | None) -> str:
    """*From 16 November 2026 to 31 March 2027*"""
    if window is None:
        return _("No date is set yet")
    days = {"opens": _day(window.opens)}
    if window.last_moment is None:
        return _("From %(opens)s on, without a last day") % days
    days["closes"] = _day(window.last_moment)
    return _("From %(opens)s to %(closes)s") % days


def _day(moment: datetime) -> str:
    return _day_in(moment, get_language())


# A catalogue has few days and says them again and again.
@lru_cache(maxsize=1000)
def _day_in(moment: datetime, language: str | None) -> str:
    return long_date(moment)


def _word(about: About) -> str:
    answer, window = about.answer, about.answer.window
    if answer.tone is Tone.YES:
        if window and window.last_moment:
            return _("Yes, until %(day)s") % {"day": _day(window.last_moment)}
        return _("Yes, with no last day")
    if answer.tone is Tone.LATER and window:
        return _("Not yet: it opens on %(day)s") % {"day": _day(window.opens)}
    if answer.tone is Tone.WAIT:
        return _("Not now: it has been requested already")
    if answer.tone is Tone.UNSURE:
        return _("Perhaps: ask us")
    rule = answer.first_no.rule if answer.first_no else Rule.WINDOW
    if rule is Rule.KIND:
        kinds = kinds_in_words(about.terms.kinds)
        return _("No, it is for: %(kinds)s") % {"kinds": kinds}
    if rule is Rule.BAND:
        return _("No, it is for bodies of another size")
    if rule is Rule.INSTRUMENT:
        return _("No, something has to be signed first")
    if window and window.last_moment:
        return _("No, it closed on %(day)s") % {"day": _day(window.last_moment)}
    return _("Not now: no date is set")


def _said(reason: Reason, about: About) -> Said:
    found, rule = _FOUND[reason.rule](reason, about)
    if reason.holds:
        return Said("yes", "check", found, rule)
    later = about.answer.tone in (Tone.LATER, Tone.WAIT) or reason.holds is None
    return Said("later" if later else "no", "clock" if later else "close", found, rule)


def _kind(reason: Reason, about: About) -> tuple[str, str]:
    found = str(LocalBody.Kind(about.body.kind).label).capitalize()
    if reason.holds:
        return found, _("It is one of the kinds that it is for.")
    words = _("It is for: %(kinds)s.")
    return found, words % {"kinds": kinds_in_words(about.terms.kinds)}


def _band(reason: Reason, about: About) -> tuple[str, str]:
    body = about.body
    rule = _("It is for bodies %(band)s.") % {
        "band": band_in_words(about.terms.least, about.terms.most)
    }
    if body.population is None:
        return _("We do not know its population"), rule
    words = ngettext(
        "%(people)s inhabitant (%(year)s)",
        "%(people)s inhabitants (%(year)s)",
        body.population,
    )
    figures = {"people": people(body.population), "year": body.population_year}
    return words % figures, rule


def _instrument(reason: Reason, about: About) -> tuple[str, str]:
    if reason.holds:
        return about.instrument, _("It is in force.")
    return about.instrument, _("It is not in force: it has to be signed first.")


def _window(reason: Reason, about: About) -> tuple[str, str]:
    window = about.answer.window
    if window is None:
        return _("It has no dates"), _("No date is set yet.")
    span = window_in_words(window) + "."
    if reason.holds:
        return _("It can be requested now"), span
    if about.answer.tone is Tone.LATER:
        return _("It is not open yet"), span
    return _("It is not open"), span


def _limit(reason: Reason, about: About) -> tuple[str, str]:
    limit, made = about.terms.limit or 0, about.answer.requests
    rule = ngettext(
        "A body can make %(limit)d request a year.",
        "A body can make %(limit)d requests a year.",
        limit,
    ) % {"limit": limit}
    if not about.with_numbers:
        if reason.holds:
            return _("The limit of this year has not been reached"), rule
        return _("The limit of this year has been reached"), rule
    if not made:
        return _("No request this year"), rule
    words = _("Requested this year: %(numbers)s")
    return words % {"numbers": ", ".join(made)}, rule


_FOUND = {
    Rule.KIND: _kind,
    Rule.BAND: _band,
    Rule.INSTRUMENT: _instrument,
    Rule.WINDOW: _window,
    Rule.LIMIT: _limit,
}
