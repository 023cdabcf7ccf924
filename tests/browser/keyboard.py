"""A visitor without a mouse."""

from playwright.sync_api import Locator, Page, expect

# More than any page has.
STOPS = 150

# Of what has the focus: has it an outline, and is a part of it on top?
LOOK = """() => {
  const it = document.activeElement
  if (it === document.body) return null
  // A card has the outline of its link around it.
  const outlined = [null, '::after'].some((part) => {
    const {outlineStyle, outlineWidth} = getComputedStyle(it, part)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
  })
  const onTop = [...it.getClientRects()].some(({left, top, width, height}) =>
    it.contains(document.elementFromPoint(left + width / 2, top + height / 2)))
  return {isSeen: outlined && onTop, html: it.outerHTML.slice(0, 200)}
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    expect(target).to_be_visible()
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Tab to `target` and press `key` there."""
    tab_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Tab to the field `target` and write `text` in it."""
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)


def follow(page: Page, words: str) -> None:
    """Tab to the link or button of those words, and press it."""
    button = page.get_by_role("button", name=words, exact=True)
    way = page.get_by_role("link", name=words, exact=True).or_(button).first
    with page.expect_navigation():
        press(page, way)


def send(page: Page, words: str) -> None:
    """Tab to the button of those words, and send its form."""
    with page.expect_navigation():
        press(page, page.get_by_role("button", name=words, exact=True))


def choose(page: Page, value: str, *, of: str = "decision") -> None:
    """Tab to the choices called `of`, and go to `value` by the arrows."""
    choices = page.locator(f"[name={of}]")
    wanted = page.locator(f"[name={of}][value='{value}']")
    checked = page.locator(f"[name={of}]:checked")
    tab_to(page, checked if checked.count() else choices.first)
    page.keyboard.press("Space")
    for _choice in range(choices.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not lead to {value}")


def stops(page: Page) -> list[dict]:
    """Press Tab through the whole page. Returns each stop, in order: its `html`, and
    whether it `isSeen` there, outlined and under nothing (WCAG 2.2, 2.4.7, 2.4.11)."""
    found = []
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError("Tab never comes to the end of the page")
