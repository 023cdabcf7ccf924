"""What there is already that says something like a proposal: other proposals, sessions
and articles, by the index of the site; and proposals by how their titles are spelt."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language

from cms.search import kinds
from cms.search.words import Words

from .models import Proposal, ProposalQuerySet
from .trigrams import titled_like

if TYPE_CHECKING:
    from cms.search.finding import Result

# What the index of the site calls them.
KIND = "proposal"
SHOWN = 5
# Of proposals, if anything else is like it too.
PROPOSALS = 3
MOST = 50
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def find_similar(text: str) -> list["Result"]:
    """The best few that anybody may read: proposals, then what may answer already."""
    # The index knows its tables once all models are there.
    from cms.search.finding import Found, find, results

    words, here = Words(text), [get_language()]
    every = {kind.name: kind for kind in kinds.kinds()}
    # Not proposals with them: among thousands most have one of the words.
    others = _once(
        find(words, here, every=way, of=every.keys() - {KIND}) for way in (True, False)
    )
    left = max(PROPOSALS, SHOWN - len(others))
    # What the index keeps of them is not asked: all that is shown is in their rows.
    mine = _like(text, Proposal.objects.public())[:left]
    proposals = [Found(every[KIND], key, 0) for key in mine]
    return results([*proposals, *others][:SHOWN], words)


def proposals_like(proposal: Proposal) -> list[Proposal]:
    """The best few that `proposal` could be merged into."""
    takes = Proposal.objects.public().filter(state__in=Proposal.TAKES_OTHERS)
    keys = _like(proposal.title, takes.exclude(pk=proposal.pk))[:SHOWN]
    rows = Proposal.objects.select_related("case").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def _like(text: str, among: ProposalQuerySet) -> list[int]:
    """The keys of those with all the words of `text` and those that are titled like it;
    or else of those with any of the words."""

    def there(keys: list[int]) -> list[int]:
        known = set(among.filter(pk__in=keys).values_list("pk", flat=True))
        return [key for key in dict.fromkeys(keys) if key in known]

    words = Words(text)
    best = there([*_with(words, every=True), *titled_like(words.typed)[:MOST]])
    return best or there(_with(words, every=False))


def _with(words: Words, *, every: bool) -> list[int]:
    # The index knows its tables once all models are there.
    from cms.search.backend import matching

    if not words:
        return []
    kind = ContentType.objects.get_for_model(Proposal).pk
    entries = matching(words, set(LANGUAGES), every).filter(kind=kind)
    keys = entries.order_by("-score", "-pk").values_list("key", flat=True)
    return [int(key) for key in keys[:MOST]]


def _once(lists: Iterable[list]) -> list:
    """All that is in `lists`, each once, in that order."""
    return list(dict.fromkeys(each for one in lists for each in one))
