"""Words and addresses from people, made safe for one line of a calendar file."""

import re
import unicodedata
from urllib.parse import quote

from icalendar import vCalAddress, vText, vUri

from events.calendar.values import Person

LONGEST_ADDRESS = 320
"""Characters of an e-mail address: 64 + @ + 255 (RFC 5321, 4.5.3.1)."""

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# RFC 5545 allows no control character; lone surrogates cannot be encoded; and the
# two non-characters break the readers that pass through XML.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


class Text(vText):
    """A TEXT value. icalendar 7.3 takes a typed backslash and N for a line break."""

    def to_ical(self) -> bytes:
        """Escape as RFC 5545, 3.3.11 says, and nothing else."""
        escaped = re.sub(r"([\\;,])", r"\\\1", self).replace("\n", r"\n")
        return escaped.encode()


def lines(words: str) -> Text:
    """A text that may have several lines, without control characters."""
    broken = _LINE_BREAK.sub("\n", words).replace("\t", " ")
    return Text(_UNWRITABLE.sub("", broken).strip())


def line(words: str) -> Text:
    """A text of one line: breaks become spaces."""
    return Text(lines(words).replace("\n", " "))


def label(words: str) -> str:
    """A text for a parameter, such as a person's name.

    Quotes and backslashes become their lookalikes: parameters have no escape that
    all readers know (RFC 6868 is young), and a backslash before the closing quote
    makes some read on into the next property.
    """
    return line(words).replace('"', "'").replace("\\", "/")


def mailbox(person: Person) -> vCalAddress:
    """A person as the value of ORGANIZER or ATTENDEE: a mailto address (RFC 6068).

    Raises ValueError if the address is not one single address. The message does not
    repeat it, so that logs hold no personal data.
    """
    local, _, domain = person.email.rpartition("@")
    if any(unicodedata.category(char)[0] in "CZ" for char in person.email):
        raise ValueError(
            "The e-mail address has a line break, a space or a character"
            " that cannot be seen."
        )
    if not local or not domain or "@" in local:
        raise ValueError("The e-mail address must be one name, one @ and one domain.")
    if len(person.email) > LONGEST_ADDRESS:
        raise ValueError(
            f"The e-mail address is longer than {LONGEST_ADDRESS} characters."
        )
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(
            "The domain of the e-mail address cannot be written in ASCII."
        ) from error
    address = quote(local, "!$'*+") + "@" + quote(ascii_domain, "[]:")
    name = label(person.name)
    return vCalAddress("mailto:" + address, params={"CN": name} if name else {})


def web_address(url: str) -> vUri:
    """An absolute http(s) address; ValueError if it is anything else."""
    if not _WEB_ADDRESS.fullmatch(url):
        raise ValueError("A calendar link must be an absolute http(s) address.")
    return vUri(url)
