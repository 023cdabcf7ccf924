import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

_django = get_wsgi_application()

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def application(environ: dict[str, Any], start: Callable) -> Iterable[bytes]:
    """The site. What a request claims to be written in is not believed: Python has
    "encodings" that are none (rot13), and Django breaks by them before any middleware.
    Pages say UTF-8, so forms come in it."""
    if kind := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = CHARSET.sub("", kind)
    return _django(environ, start)
