"""How a page is looked at by axe: when it stands still, in light and dark, on a wide and a narrow screen."""

from axe_playwright_python.sync_playwright import Axe

from backoffice.settings import ON_SQLITE

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
# Colours that are still on their way are measured as wrong ones.
STILL = """async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const ends = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map((each) => each.finished));
}"""
DARK = "(dark) => document.documentElement.classList.toggle('dark', dark)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page):
    """[(rule, part of the page)] that axe finds once nothing moves."""
    page.wait_for_load_state()
    page.evaluate(STILL)
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]]


def in_both_schemes(page):
    """{"light": violations, "dark": violations}; the page is light again then."""
    found = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DARK, scheme == "dark")  # the admin asks for the scheme once, as a page loads
        found[scheme] = violations(page)
    return found


def looks_good(page, width=320):
    """Assert that axe finds nothing in light and dark, and that nothing scrolls sideways on a narrow screen.

    A page looks the same on a second database: there it is not looked at again.
    """
    if not ON_SQLITE:
        return
    assert in_both_schemes(page) == {"light": [], "dark": []}
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 700})
    page.wait_for_function(f"{TOO_WIDE} === 0")
    page.set_viewport_size(size)
    page.wait_for_function("width => window.innerWidth === width", arg=size["width"])
