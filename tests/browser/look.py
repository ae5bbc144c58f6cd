"""How a page is looked at by axe: when it stands still, in light and dark, on a wide and a narrow screen."""

from axe_playwright_python.base import AXE_SCRIPT

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # what a scheme can change
# Colours that are still on their way are measured as wrong ones; what htmx has asked for belongs to the page.
STILL = """async () => {
    await document.fonts.ready;
    while (document.querySelector(".htmx-request")) await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const ending = () => document.getAnimations().filter((an) => an.effect.getComputedTiming().endTime !== Infinity);
    for (let ends = ending(); ends.length; ends = ending()) await Promise.allSettled(ends.map((each) => each.finished));
}"""
# Nothing is asked for about what passes: describing it costs as much as the checks.
RUN = """async (options) => {
    const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html.slice(0, 160)]));
}"""
SHOWN = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest("[class*='dark:block'], [class*='dark:hidden']"))
    .map((each) => [each.tagName, ...each.classList].filter((name) => !name.startsWith("htmx-")).join("."))"""
DARK = "(dark) => document.documentElement.classList.toggle('dark', dark)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page, rules=WCAG):
    """[(rule, part of the page)] that axe finds once nothing moves."""
    page.wait_for_load_state()
    page.evaluate(STILL)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)  # half a megabyte: once for a page
    return [tuple(each) for each in page.evaluate(RUN, rules)]


def in_both_schemes(page):
    """{"light": violations, "dark": violations}; the page is light at the end.

    In the dark only colours are checked, since everything else is the same: that the same parts are shown is asserted.
    """
    found, shown = {}, {}
    for scheme, rules in (("dark", COLOURS), ("light", WCAG)):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DARK, scheme == "dark")  # the admin asks for the scheme once, as a page loads
        found[scheme], shown[scheme] = violations(page, rules), page.evaluate(SHOWN)
    assert shown["dark"] == shown["light"]
    return found


def looks_good(page, width=320):
    """Assert that axe finds nothing in light and dark, and that nothing scrolls sideways on a narrow screen."""
    assert in_both_schemes(page) == {"light": [], "dark": []}
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 700})
    page.wait_for_function(f"{TOO_WIDE} === 0")
    page.set_viewport_size(size)
    page.wait_for_function("width => window.innerWidth === width", arg=size["width"])
