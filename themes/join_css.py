"""Joins the style sheets of `base` into the one file that pages link.

    python themes/join_css.py           write site.css
    python themes/join_css.py --check   say whether it is up to date

A page that linked `index.css` would wait for two rounds of requests: the list, then
the parts it imports. So `site.css` holds the parts in the order of the list,
without comments, and lies in the same folder, so that every url() still leads to
its file. A brand adds a file of its own, and none of these.
"""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "base" / "static" / "css"
IMPORT = re.compile(r'^@import url\("(?P<part>[^"]+)"\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
HEAD = "/* Made by themes/join_css.py of the parts index.css lists: edit those. */\n"


def joined() -> str:
    """The style sheets that index.css imports, as one.

    Parts may lie in folders below, but then must not use url().
    """

    def part(match: re.Match[str]) -> str:
        return (FOLDER / match["part"]).read_text(encoding="utf-8")

    whole = IMPORT.sub(part, (FOLDER / "index.css").read_text(encoding="utf-8"))
    lines = COMMENT.sub("", whole).splitlines()
    return HEAD + "".join(f"{line.strip()}\n" for line in lines if line.strip())


def main() -> None:
    target = FOLDER / "site.css"
    if "--check" not in sys.argv:
        target.write_text(joined(), encoding="utf-8")
    elif not target.is_file() or target.read_text(encoding="utf-8") != joined():
        sys.exit(f"{target} is out of date: run {Path(__file__).name}")


if __name__ == "__main__":
    main()
