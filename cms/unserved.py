"""What Wagtail would make ready and this site does not serve: its interface for other
programs (`wagtail.api.v3`). When the site starts, Wagtail's applications describe their
records to it, whether it has an address or not, which takes 14 MB in every process."""

import sys
from types import ModuleType, SimpleNamespace

# What they ask for then, and nothing else does.
ASKED_FOR = (
    "wagtail.api.v3.api",
    "wagtail.contrib.redirects.api.v3",
    "wagtail.documents.api.v3.registry",
    "wagtail.documents.api.v3.router",
    "wagtail.images.api.v3.registry",
    "wagtail.images.api.v3.router",
    "wagtail.snippets.api.v3",
    "wagtail.snippets.api.v3.router",
)


def leave_out() -> None:
    """Let them find an interface that listens to nobody; called before they start."""
    api = SimpleNamespace(add_router=_ignore)
    for name in ASKED_FOR:
        deaf = sys.modules[name] = ModuleType(name)
        vars(deaf).update(api=api, router=None, register_content_types=_ignore)


def _ignore(*told: object) -> None:
    pass
