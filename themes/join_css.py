"""Joins each theme's style sheets into the one file its pages link.

    python themes/join_css.py           write site.css
    python themes/join_css.py --check   say whether it is up to date

A page that linked `index.css` would wait for two rounds of requests: the list, then
the parts it imports. So `site.css` holds the parts in the order of the list,
without comments, and lies in the same folder, so that every url() still leads to
its file. A brand's holds those of `base`, and then its own brand.css: each theme needs
joining again after a change of `base`.
"""

import re
import sys
from pathlib import Path

THEMES = Path(__file__).parent
BASE = THEMES / "base" / "static" / "css"
IMPORT = re.compile(r'^@import url\("(?P<part>[^"]+)"\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
HEAD = "/* Made by themes/join_css.py of the parts index.css lists: edit those. */\n"


def joined(folder: Path) -> str:
    """The style sheets that base/index.css imports, and the brand.css of `folder` if
    it has one, as one.

    Parts may lie in folders below, but then must not use url().
    """

    def part(match: re.Match[str]) -> str:
        return (BASE / match["part"]).read_text(encoding="utf-8")

    whole = IMPORT.sub(part, (BASE / "index.css").read_text(encoding="utf-8"))
    brand = folder / "brand.css"
    if brand.is_file():
        whole += brand.read_text(encoding="utf-8")
    lines = COMMENT.sub("", whole).splitlines()
    return HEAD + "".join(f"{line.strip()}\n" for line in lines if line.strip())


def main() -> None:
    for folder in sorted(THEMES.glob("*/static/css")):
        target = folder / "site.css"
        if "--check" not in sys.argv:
            target.write_text(joined(folder), encoding="utf-8")
        elif not target.is_file() or target.read_text("utf-8") != joined(folder):
            sys.exit(f"{target} is out of date: run {Path(__file__).name}")


if __name__ == "__main__":
    main()
