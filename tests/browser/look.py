"""How a page is looked at by axe: when it stands still, in light and dark, on a wide and a narrow screen."""

from axe_playwright_python.base import AXE_SCRIPT

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # what a scheme can change
BUT_COLOURS = WCAG | {"rules": {rule: {"enabled": False} for rule in COLOURS["runOnly"]["values"]}}
# Colours that are still on their way are measured as wrong ones; what htmx has asked for belongs to the page.
STILL = """async () => {
    await document.fonts.ready;
    while (document.querySelector(".htmx-request")) await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const ending = () => document.getAnimations().filter((an) => an.effect.getComputedTiming().endTime !== Infinity);
    for (let ends = ending(); ends.length; ends = ending()) await Promise.allSettled(ends.map((each) => each.finished));
}"""
# Joined letters are narrower than single ones: axe takes a Persian text for the name of a symbol, and passes over its
# colours. Only the font of the symbols is measured as it is drawn.
LETTERS = """() => {
    const drawn = CanvasRenderingContext2D.prototype.measureText;
    CanvasRenderingContext2D.prototype.measureText = function (text) {
        return this.font.includes("Material") ? drawn.call(this, text) : { width: 10 * text.length };
    };
}"""
# Nothing is asked for about what passes: describing it costs as much as the checks.
RUN = """async ([parts, options]) => {
    const found = await axe.run(parts ?? document, { ...options, resultTypes: ["violations"] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html.slice(0, 160)]));
}"""
# All that the contrast of a text follows from. One text of each kind is marked; those kinds are returned that are new.
MARK = """(known) => {
    const solid = (colour) => !/^rgba|\\/|transparent/.test(colour);
    const kind = (each) => {
        const own = getComputedStyle(each), around = getComputedStyle(each.parentElement), below = [];
        for (let at = each, open = true; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            below.push(style.opacity);
            if (open) below.push(style.backgroundColor, style.backgroundImage, style.filter, style.mixBlendMode);
            open = open && !solid(style.backgroundColor);
        }
        const link = each.tagName === "A" ? [around.color, own.textDecorationLine, own.borderBottom] : [];
        return [own.color, own.fontSize, own.fontWeight, own.textShadow, ...link, ...below].join(" ");
    };
    const texts = (each) => [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    const written = (each) => each.value || texts(each).length;
    const seen = new Set(known), found = [];
    for (const each of document.querySelectorAll("body *")) {
        each.removeAttribute("data-new-kind");
        if (!each.checkVisibility({ visibilityProperty: true }) || !written(each) || seen.has(kind(each))) continue;
        each.setAttribute("data-new-kind", "");
        found.push(kind(each));
        seen.add(kind(each));
    }
    return found;
}"""
NEW_KINDS = {"include": [["[data-new-kind]"]]}
SHOWN = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest("[class*='dark:block'], [class*='dark:hidden']"))
    .map((each) => [each.tagName, ...each.classList].filter((name) => !name.startsWith("htmx-")).join("."))"""
DARK = "(dark) => document.documentElement.classList.toggle('dark', dark)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


known_kinds: set[str] = set()  # of texts whose contrast axe has looked at, in this process


def violations(page, rules=WCAG, *, parts=None):
    """[(rule, part of the page)] that axe finds once nothing moves, in the whole page or in these parts of it."""
    page.wait_for_load_state()
    page.evaluate(STILL)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)  # half a megabyte: once for a page
        page.evaluate(LETTERS)
    return [tuple(each) for each in page.evaluate(RUN, [parts, rules])]


def wrong_colours(page):
    """Violations of contrast, of texts of a kind that no page before has shown: most of axe's time went into these."""
    page.wait_for_load_state()
    page.evaluate(STILL)
    kinds = page.evaluate(MARK, sorted(known_kinds))
    known_kinds.update(kinds)
    return violations(page, COLOURS, parts=NEW_KINDS) if kinds else []


def in_both_schemes(page):
    """{"light": violations, "dark": violations}; the page is light at the end.

    In the dark only colours are checked, since everything else is the same: that the same parts are shown is asserted.
    """
    found, shown = {}, {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DARK, scheme == "dark")  # the admin asks for the scheme once, as a page loads
        found[scheme], shown[scheme] = wrong_colours(page), page.evaluate(SHOWN)
    assert shown["dark"] == shown["light"]
    found["light"] += violations(page, BUT_COLOURS)
    return found


def looks_good(page, width=320):
    """Assert that axe finds nothing in light and dark, and that nothing scrolls sideways on a narrow screen."""
    assert in_both_schemes(page) == {"light": [], "dark": []}
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 700})
    page.wait_for_function(f"{TOO_WIDE} === 0")
    page.set_viewport_size(size)
    page.wait_for_function("width => window.innerWidth === width", arg=size["width"])
