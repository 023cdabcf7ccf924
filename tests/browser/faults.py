"""What is wrong with the page that is open, for those who see, read or use it in
another way than its makers."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

WIDE, NARROW = 1280, 320

# WCAG 2.2, 2.5.8: axe leaves it out unless it is asked.
EVERY_RULE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
# What changes with the colours.
OF_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


# What a new width begins, such as a menu that goes away, has begun two frames later.
STILL = """async () => {
    for (const _frame of [1, 2]) {
        await new Promise(done => {
            requestAnimationFrame(done)
            setTimeout(done, 200)
        })
    }
    await Promise.allSettled(
        document.getAnimations()
            .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
            .map(each => each.finished))
}"""


def stand_still(page: Page) -> None:
    """Wait until all of the page has come, and nothing moves: what fades in has colours
    that nobody reads."""
    page.wait_for_load_state()
    page.evaluate(STILL)


def faults(page: Page, *, without: str = "") -> list[str]:
    """What axe objects to, in the light, in the dark and on a narrow screen, and
    whether something goes over its edge; `without` is a rule that does not hold."""
    rules = {
        **EVERY_RULE["rules"],
        **({without: {"enabled": False}} if without else {}),
    }
    every_rule = {**EVERY_RULE, "rules": rules}
    # The page stays open: its style sheets say something else at once.
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = [f"dark: {fault}" for fault in _objections(page, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    found += _objections(page, every_rule)
    page.set_viewport_size({"width": NARROW, "height": 800})
    found += [f"narrow: {fault}" for fault in _objections(page, every_rule)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("narrow: it scrolls sideways")
    return found


def _objections(page: Page, options: dict) -> Iterator[str]:
    # Colours that are on their way to others are nobody's.
    page.evaluate("document.getAnimations().forEach(each => each.finish())")
    stand_still(page)
    results = Axe().run(page, options=options)
    for violation in results.response["violations"]:
        for node in violation["nodes"]:
            yield " ".join(f"{node['failureSummary']} {node['html']}".split())


class Watch:
    """What a browser meets while pages are open in it: requests that leave the house,
    and what it complains of. A Content-Security-Policy that is broken shows there."""

    def __init__(self, page: Page, site_url: str) -> None:
        self.left_the_house: list[str] = []
        self.complaints: list[str] = []
        self._house = urlsplit(site_url).netloc
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._house:
            self.left_the_house.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        # That a page is an answer of 404 or 422 is no fault of the page.
        is_status = (
            message.text.startswith("Failed to load resource")
            and message.location["url"] == message.page.url
        )
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(f"{message.page.url}: {message.text}")
