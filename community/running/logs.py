"""How a line of the log looks, and what is never in it.

Of a fault it says the kind and the place, not the words, which may quote what was
typed. `redact` is the last net under all that is written. Nothing here needs the
database: logging is set up before there is one.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

# Set while a request is answered; every line written meanwhile carries it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*")
# The first step of a personal link is one letter: /r/… /j/… /f/… One is a calendar.
PERSONAL = re.compile(r"(/(?:[a-z]|cal/me)/)[^/\s?\"'<>\\]{8,}")
# Letters great and small with figures among them, and long: no word is like that.
TOKEN = re.compile(
    r"(?<![\w-])(?=[\w-]{24})(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]+",
    re.ASCII,
)
IN_QUERY = re.compile(r"([?&][\w-]+=)[^&\s\"'<>\\]+")

_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def redact(text: str) -> str:
    """`text` without e-mail addresses, personal links, tokens and query values."""
    # Most lines have none of the two, and each request writes one.
    if "@" in text:
        text = ADDRESS.sub("[address]", text)
    if "=" in text:
        text = IN_QUERY.sub(r"\1[value]", text)
    text = PERSONAL.sub(r"\1[token]", text)
    return TOKEN.sub("[token]", text)


class JsonFormatter(logging.Formatter):
    """One JSON object for each record, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_id.get():
            line["request"] = request
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1]:
            line["fault"] = fault(record.exc_info[1])
        return redact(_encode(line))


class TextFormatter(logging.Formatter):
    """A line to read; of a fault the kind and the place below it, and in development
    its words too."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        )
        # On one line, so that nobody's words are taken for another.
        words = record.getMessage().replace("\n", "\\n")
        line = f"{moment} {record.levelname:<7} {record.name}: {words}"
        facts = getattr(record, "facts", {})
        if request := request_id.get():
            facts = {"request": request, **facts}
        line += "".join(f" {name}={value}" for name, value in facts.items())
        if record.exc_info and record.exc_info[1]:
            line += "\n" + self._fault(record.exc_info)
        return redact(line)

    def _fault(self, exc_info: Any) -> str:
        if settings.DEBUG:
            return "".join(traceback.format_exception(*exc_info))
        found = fault(exc_info[1])
        return "\n".join([found["type"], *(f"  {step}" for step in found["stack"])])


def fault(error: BaseException) -> dict[str, Any]:
    """The kind of `error`, the kinds it follows from, and where it arose: neither its
    words nor any value."""
    steps = traceback.extract_tb(error.__traceback__)
    kinds = [_kind(error)]
    seen = {id(error)}
    while (before := error.__cause__ or error.__context__) and id(before) not in seen:
        seen.add(id(before))
        kinds.append(_kind(before))
        error = before
    return {
        "type": " from ".join(kinds),
        "stack": [f"{step.filename}:{step.lineno} {step.name}" for step in steps],
    }


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
