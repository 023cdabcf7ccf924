"""The arithmetic of a deadline in words, for whoever has to keep it or wait for it."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext, ngettext

from community.days import day_in_words

from .terms import DayOff, Gap, Measure, Reckoning, Span, Term, add_months


def in_words(reckoning: Reckoning) -> list[str]:
    """Why it ends on the day it does, a sentence for each step, in the active
    language: what is counted and from when, what did not count, what moved the last
    day, that day itself, and what is not known yet."""
    return list(_sentences(reckoning))


def _sentences(reckoning: Reckoning) -> Iterator[str]:
    term = reckoning.term
    yield _count(term)
    yield from _skipped(reckoning)
    yield from map(_stood_still, term.suspensions)
    if term.extension:
        yield _longer(term)
    yield from _moved(reckoning)
    if reckoning.due:
        last = gettext("The last day is %(day)s.")
        yield last % {"day": day_in_words(reckoning.due)}
    yield from map(_unknown, reckoning.gaps)


def _count(term: Term) -> str:
    if term.measure == Measure.WORKING_DAYS:
        words = ngettext(
            "%(count)d working day, counted from the day after %(day)s.",
            "%(count)d working days, counted from the day after %(day)s.",
            term.amount,
        )
    elif term.measure == Measure.NATURAL_DAYS:
        words = ngettext(
            "%(count)d day, counted from the day after %(day)s; all days count.",
            "%(count)d days, counted from the day after %(day)s; all days count.",
            term.amount,
        )
    elif add_months(term.start, term.amount).day == term.start.day:
        words = ngettext(
            "%(count)d month from %(day)s: it ends on the same day of the month.",
            "%(count)d months from %(day)s: it ends on the same day of the month.",
            term.amount,
        )
    else:
        words = ngettext(
            "%(count)d month from %(day)s: the month in which it ends has no such day, "
            "so it ends on its last one.",
            "%(count)d months from %(day)s: the month in which it ends has no such "
            "day, so it ends on its last one.",
            term.amount,
        )
    return words % {"count": term.amount, "day": day_in_words(term.start)}


def _skipped(reckoning: Reckoning) -> Iterator[str]:
    if not reckoning.skipped:
        return
    if holidays := _holidays(reckoning.skipped):
        words = gettext(
            "Saturdays and Sundays do not count, and neither does %(holidays)s."
        )
        if len(holidays) > 1:
            words = gettext(
                "Saturdays and Sundays do not count, and neither do these holidays: "
                "%(holidays)s."
            )
        yield words % {"holidays": "; ".join(holidays)}
    else:
        yield gettext("Saturdays and Sundays do not count.")


def _stood_still(span: Span) -> str:
    words = gettext("It has stood still since %(since)s: %(reason)s.")
    if span.until:
        words = gettext(
            "It stood still from %(since)s until it ran again on %(until)s: %(reason)s."
        )
    return words % {
        "since": day_in_words(span.since),
        "until": day_in_words(span.until) if span.until else "",
        "reason": span.reason.rstrip("."),
    }


def _longer(term: Term) -> str:
    if term.measure == Measure.WORKING_DAYS:
        words = ngettext(
            "It was made longer by %(count)d working day: %(reason)s.",
            "It was made longer by %(count)d working days: %(reason)s.",
            term.extension,
        )
    else:
        words = ngettext(
            "It was made longer by %(count)d day: %(reason)s.",
            "It was made longer by %(count)d days: %(reason)s.",
            term.extension,
        )
    reason = term.extension_reason.rstrip(".")
    return words % {"count": term.extension, "reason": reason}


def _moved(reckoning: Reckoning) -> Iterator[str]:
    if not (reckoning.falls and reckoning.moved):
        return
    words = gettext(
        "It would end on %(day)s, which is not a working day, so it ends on the next "
        "one that is."
    )
    if holidays := _holidays(reckoning.moved):
        words = gettext(
            "It would end on %(day)s, but it ends on the next working day. Holidays: "
            "%(holidays)s."
        )
    yield words % {
        "day": day_in_words(reckoning.falls),
        "holidays": "; ".join(holidays),
    }


def _unknown(gap: Gap) -> str:
    words = gettext("No holidays of %(year)d are known yet: this day is provisional.")
    if gap.place:
        words = gettext("The local holidays of %(place)s of %(year)d are missing.")
    return words % {"year": gap.year, "place": gap.place}


def _holidays(days: Iterable[DayOff]) -> list[str]:
    """*Good Friday (Friday, 3 April 2026)*, for each holiday among `days`."""
    return [
        f"{' / '.join(map(str, day.names))} ({day_in_words(day.day)})"
        for day in days
        if day.names
    ]
