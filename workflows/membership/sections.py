"""What the people of a body find on its page. Each slice registers its own at start-up;
the page knows none by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from community.models import Membership
from workflows.engine.kinds import Words


@dataclass(frozen=True)
class Section:
    """Something of a body, shown on its page in the order of registration.

    `show` finds for a membership what `template` reads as `shown`; the section is left
    out where that is empty.
    `page` is the name of the address, of a body's code, where all of it is: it has a
    tab then.
    `is_aside` stands it at the side.
    """

    name: str
    title: Words
    template: str
    show: Callable[[Membership], Mapping[str, Any]]
    page: str = ""
    is_aside: bool = False


class Shown(NamedTuple):
    """A section with what it found."""

    section: Section
    shown: Mapping[str, Any]


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Have `section` on the page of every body. A name is taken once."""
    if section.name in _sections and _sections[section.name] != section:
        raise ValueError(f"section {section.name!r} is registered twice")
    _sections[section.name] = section


def found_for(mine: Membership) -> Iterator[Shown]:
    """Every section that has something for whose membership it is."""
    for section in _sections.values():
        if shown := section.show(mine):
            yield Shown(section, shown)


def page_of(mine: Membership, here: str) -> dict[str, Any]:
    """What every page of a body shows; `here` is the name of its address."""
    tabs = [section for section in _sections.values() if section.page]
    return {"mine": mine, "body": mine.body, "tabs": tabs, "here": here}
