"""What the screen of a session shows of other slices. Each registers its own at
start-up; the screen knows none by name."""

from collections.abc import Callable

from wagtail.admin.ui.components import Component

from community.models import User
from events.models import Session

Panel = Callable[[Session, User], Component]

_panels: dict[str, Panel] = {}


def register(name: str, panel: Panel) -> None:
    """Have what `panel` makes for a session and who looks at it on the screen of every
    session, in the order of registration. A name is taken once."""
    if _panels.setdefault(name, panel) is not panel:
        raise ValueError(f"panel {name!r} is registered twice")


def of(session: Session, user: User) -> list[Component]:
    return [panel(session, user) for panel in _panels.values()]
