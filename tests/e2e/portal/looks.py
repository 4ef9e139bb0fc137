"""What must not be seen on any page: cut text, text upon text, figures of computers, texts that are missing."""

import json
from pathlib import Path

MESSAGES = Path(__file__).parents[3] / "portal" / "src" / "messages" / "en"
LOOK = """
(keys) => {
  const told = [];
  const shown = (text) => JSON.stringify(text.trim().replace(/\\s+/g, " ").slice(0, 60));
  const known = new Set(keys);
  const layers = [...document.querySelectorAll("dialog[open], [role=dialog], [popover]:popover-open")];
  const top = layers.at(-1);
  const isDrawn = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest("svg, .sr-only, [inert], [aria-busy=true], .cm-gutters, noscript, script, style, option");
  // Who reads a page reads its uppermost layer.
  const isReadable = (element) => isDrawn(element) && (!top || top.contains(element));
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data;
    const element = node.parentElement;
    if (!text.trim() || !isReadable(element)) continue;
    words(text, element);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 1 && box.height > 1) cut(box, text, element) || lines.push({ box, text, element });
    }
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    if (!isReadable(element)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      const text = element.getAttribute(name);
      if (text) words(text, element);
    }
  }
  overlaps();
  return [...new Set(told)];

  // Figures of computers, keys of texts, places in them that nobody filled.
  function words(text, element) {
    if (known.has(text.trim())) told.push(`untranslated key ${shown(text)}`);
    if (element.closest("code, pre, .cm-editor, .font-mono, textarea")) return;
    if (/\\d[.,]\\d{7,}/.test(text)) told.push(`raw float ${shown(text)}`);
    if (/\\d{4}-\\d\\d-\\d\\dT\\d\\d:/.test(text)) told.push(`raw time ${shown(text)}`);
    if (/\\bNaN\\b|\\bundefined\\b|\\[object /.test(text)) told.push(`no words ${shown(text)}`);
    if (/\\{(count|name|[a-z]+[A-Z]\\w*)\\}/.test(text)) told.push(`unfilled place ${shown(text)}`);
  }

  // Whether a line of text lies, all or in part, where nobody can see it, and no scrolling brings it back.
  function cut(box, text, element) {
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.position === "fixed") return false;
      // A drawing is moved by hand.
      if (around.matches(".react-flow")) return isOutside(box, around.getBoundingClientRect());
      const scrolls = (way) => ["auto", "scroll"].includes(way);
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) return isOutside(box, around.getBoundingClientRect());
      const hides = (way) => ["hidden", "clip"].includes(way);
      if (!hides(style.overflowX) && !hides(style.overflowY)) continue;
      const frame = around.getBoundingClientRect();
      // A line that an ellipsis ends on purpose has its whole text in a title; a clamped text says that it goes on.
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") {
        const isWhole = around.scrollWidth <= around.clientWidth + 1;
        const isMeant = style.webkitLineClamp !== "none" || around.closest("[title]");
        if (!isWhole && !isMeant) told.push(`clipped text without a title ${shown(text)}`);
        if (isOutside(box, frame) || !isWhole) return true;
        continue;
      }
      if (isOutside(box, frame)) return true;
      const out = Math.max(
        hides(style.overflowX) ? Math.max(frame.left - box.left, box.right - frame.right) : 0,
        hides(style.overflowY) ? Math.max(frame.top - box.top, box.bottom - frame.bottom) : 0,
      );
      if (out > 3) {
        told.push(`clipped text ${shown(text)}, by ${Math.round(out)} px`);
        return true;
      }
    }
    return false;
  }

  function isOutside(box, frame) {
    return (
      box.right <= frame.left || box.left >= frame.right || box.bottom <= frame.top || box.top >= frame.bottom
    );
  }

  function overlaps() {
    const isApart = (element) => {
      for (let around = element; around; around = around.parentElement) {
        if (["fixed", "sticky"].includes(getComputedStyle(around).position)) return true;
      }
      return false;
    };
    const flat = lines.filter((line) => !isApart(line.element)).sort((a, b) => a.box.top - b.box.top);
    flat.forEach((one, place) => {
      for (const other of flat.slice(place + 1)) {
        if (other.box.top >= one.box.bottom) break;
        if (one.element === other.element) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // The letters of two lines below each other may share the space between the lines.
        if (wide > 3 && high > Math.min(one.box.height, other.box.height) / 3) {
          told.push(`text upon text ${shown(one.text)} and ${shown(other.text)}`);
        }
      }
    });
  }
}
"""
"""Return what is wrong with the page as it is drawn now."""


def text_keys():
    """Return the keys of all texts, as they stand on a page whose texts were not loaded."""
    found = set()
    for path in sorted(MESSAGES.glob("*.json")):
        for key in json.loads(path.read_text("utf-8")):
            found.add(f"{path.stem}.{key.removesuffix('_one').removesuffix('_other')}")
    return sorted(found)


def check_looks(page):
    """Demand that nothing on a page is cut, lies upon something else, or was written for computers."""
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert page.evaluate(LOOK, text_keys()) == []
