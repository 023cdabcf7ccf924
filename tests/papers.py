"""Reading papers that the site has made, as poppler reads them."""

import subprocess


def read(pdf: bytes) -> str:
    """Its words, in the order in which they are read."""
    return " ".join(_poppler("pdftotext", "-enc", "UTF-8", "-", "-", given=pdf).split())


def facts(pdf: bytes) -> dict[str, str]:
    lines = _poppler("pdfinfo", "-", given=pdf).splitlines()
    return {name: said.strip() for name, _, said in (x.partition(":") for x in lines)}


def structure(pdf: bytes) -> str:
    """How it is tagged, for who has it read aloud."""
    return _poppler("pdfinfo", "-struct-text", "-", given=pdf)


def _poppler(*command: str, given: bytes) -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    # What stands for a picture is in letters of its own.
    return done.stdout.decode(errors="replace")
