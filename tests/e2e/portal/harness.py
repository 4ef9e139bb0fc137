"""Who visits the portal, and what has to hold wherever they go."""

import shutil
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from ghala.testing.demo.story import play

FLAGS = [
    "--no-sandbox",  # as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
]
SCALE = 0.001
ANALYST, OWNER, AUDITOR = "amina.otieno", "grace.nakato", "esther.russo"
STEWARD, ADMINISTRATOR = "neema.barasa", "johan.smit"
"""Who visits: those of `ghala.testing.demo.accounts`. The analyst reads figures and orders, the owner has sales."""
PAGES = {
    "sign in": ("/sign-in", None),
    "first administrator": ("/first", None),
    "home, of an owner": ("/", OWNER),
    "home, of a reader": ("/", ANALYST),
    "home, of a newcomer": ("/", ADMINISTRATOR),
    "notifications": ("/notifications", OWNER),
    "notifications, none": ("/notifications?show=access", ADMINISTRATOR),
    "governance, why": ("/governance?tab=why&dataset=sales.orders", ANALYST),
    "governance, who": ("/governance?tab=who&dataset=sales.orders", OWNER),
    "governance, not for me": ("/governance?tab=audit", ANALYST),
    "governance, purposes": ("/governance?tab=purposes", ANALYST),
    "governance, agreements": ("/governance?tab=agreements", OWNER),
    "governance, personal data": ("/governance?tab=personal", OWNER),
    "settings": ("/settings", ANALYST),
    "settings, not for me": ("/settings?tab=health", ANALYST),
    "catalog": ("/catalog", ANALYST),
    "catalog, found": ("/catalog?q=order", ANALYST),
    "catalog, nothing found": ("/catalog?q=xylophone", ANALYST),
    "catalog, narrowed": ("/catalog?domain=sales&trust=kept&sort=name", ANALYST),
    "product": ("/products/sales/orders", ANALYST),
    "product, quality": ("/products/sales/orders?tab=quality", ANALYST),
    "product, use": ("/products/sales/orders?tab=use", ANALYST),
    "product, releases": ("/products/sales/orders?tab=releases", ANALYST),
    "product, lineage": ("/products/sales/orders?tab=lineage", ANALYST),
    "product, usage": ("/products/sales/orders?tab=usage", OWNER),
    "product, ratings": ("/products/sales/orders?tab=ratings", ANALYST),
    "product, roadmap": ("/products/sales/orders?tab=roadmap", ANALYST),
    "product, documentation": ("/products/sales/orders?tab=documentation", ANALYST),
    "dataset": ("/datasets/sales/orders", ANALYST),
    "runs": ("/runs", OWNER),
    "runs, none so": ("/runs?product=sales/orders&state=failed", ANALYST),
    "release, changes": ("/releases/sales/orders/2?tab=changes", OWNER),
    "quarantine": ("/quarantine/sales/customers", OWNER),
    "quarantine, counts": ("/quarantine/sales/customers", ANALYST),
    "own requests": ("/requests", ANALYST),
    "own requests, none": ("/requests", AUDITOR),
    "own agreements": ("/requests?tab=agreements", ANALYST),
    "own agreements, none": ("/requests?tab=agreements", AUDITOR),
    "asking": ("/requests/new?dataset=sales.customers", ANALYST),
    "asking, rows": (
        "/requests/new?dataset=sales.customers&rows=%7B%22column%22%3A%22country%22%2C%22in%22%3A%5B%22KE%22%5D%7D",
        ANALYST,
    ),
    "asking, nothing chosen": ("/requests/new", ANALYST),
    "asking, not there": ("/requests/new?dataset=sales.unicorns", ANALYST),
    "deciding": ("/decide", OWNER),
    "deciding, nothing": ("/decide", ANALYST),
    "deciding again": ("/decide?tab=again", OWNER),
    "people, forbidden": ("/people", ANALYST),
    "user, forbidden": ("/users/johan.smit", ANALYST),
    "oneself as others see it": (f"/users/{ANALYST}", ANALYST),
    "team": ("/teams/market-insights", ANALYST),
    "team, forbidden": ("/teams/group-finance", ANALYST),
    "account": ("/account", ANALYST),
    "dataset, a column": ("/datasets/sales/orders?column=net_amount", ANALYST),
    "dataset, quality": ("/datasets/sales/orders?tab=quality", ANALYST),
    "dataset, values": ("/datasets/sales/orders?tab=profile", ANALYST),
    "dataset, compared": ("/datasets/sales/order_lines?tab=releases&from=1&to=2&rows=yes", OWNER),
    "dataset, tags": ("/datasets/sales/orders?tab=tags", OWNER),
    "dataset, not to be read": ("/datasets/sales/customers", ANALYST),
    "quality": ("/quality", ANALYST),
    "quality, none so": ("/quality?state=broken", ANALYST),
    "quality, levels": ("/quality?tab=levels", ANALYST),
    "quality, incidents": ("/quality?tab=incidents&incidents=all", OWNER),
    "quality, no incident": ("/quality?tab=incidents", ANALYST),
    "incident, not there": ("/incidents/nowhere", ANALYST),
    "glossary": ("/glossary", ANALYST),
    "glossary, term": ("/glossary?term=channel", ANALYST),
    "glossary, no such term": ("/glossary?term=xylophone", ANALYST),
    "learn": ("/learn", ANALYST),
    "learn, contract": ("/learn?lesson=contract", ANALYST),
    "learn, sql": ("/learn?lesson=sql", ANALYST),
    "demand": ("/demand", ANALYST),
    "demand, none": ("/demand?state=declined", ANALYST),
    "demand, searches": ("/demand?tab=searches", OWNER),
    "demand, searches forbidden": ("/demand?tab=searches", ANALYST),
    "demand, new": ("/demand/new?text=weather by region", ANALYST),
    "tickets": ("/tickets", ANALYST),
    "tickets, none": ("/tickets?state=withdrawn", ANALYST),
    "tickets, new": ("/tickets/new?dataset=sales.orders&column=channel", ANALYST),
    "ticket not there": ("/tickets/000000000000", ANALYST),
    "not there": ("/products/sales/unicorns", ANALYST),
    "workbench": ("/sql", ANALYST),
    "workbench, with a text": ("/sql?sql=SELECT%201%20AS%20one", ANALYST),
    "workbench, history": ("/sql?panel=history", ANALYST),
    "workbench, saved": ("/sql?panel=saved", ANALYST),
    "lineage, choice": ("/lineage", ANALYST),
    "lineage": ("/lineage/finance/revenue_monthly", ANALYST),
    "lineage, columns": ("/lineage/finance/revenue_monthly?view=column", ANALYST),
    "lineage, table": ("/lineage/finance/revenue_monthly?view=table", ANALYST),
    "lineage, impact": ("/lineage/sales/orders?view=impact", ANALYST),
    "lineage, not there": ("/lineage/people/staff", ANALYST),
}
"""Every page in each of its states, and who looks at it: axe does so too."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VIOLATIONS = """
async (options) => {
  const { violations } = await axe.run(options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  );
}
"""
WIDTHS = {"phone": 390, "tablet": 768, "desk": 1440}
KEPT = WeakKeyDictionary()
"""Windows that nobody has open now, of each browser, by whether they are touched."""
SESSIONS = {}
"""Of those who have signed in, by server, name and purpose: the token of their requests, and their cookies."""
TLS = ssl.create_default_context()
"""What no client here needs, and each would make for itself: that takes longer than what it asks."""


def chromium():
    """Return where Debian's Chromium is, None if it is not installed; without windows, which take half of the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def make_organisation(folder):
    """Run the example organisation's story, and return the password of its people."""
    return play(folder, scale=SCALE, say=lambda _: None).password


@dataclass
class Portal:
    """Visits to one server's portal."""

    browser: object
    url: str
    password: str
    complaints: list = field(default_factory=list)
    contexts: list = field(default_factory=list)
    taken: list = field(default_factory=list)

    def visit(
        self,
        path="/",
        *,
        by=ANALYST,
        purpose="analytics",
        theme="light",
        width="desk",
        role=None,
        own=False,
    ):
        """Return a page that somebody has opened and that shows its content; nobody is signed in `by=None`.

        With `role` they have taken it, until the visits end. With `own` they have signed in for this visit alone, and
        may end their session, or have it renewed.
        """
        page = self.blank(theme=theme, width=width)
        if by is not None:
            with self.client(by, purpose, role, own=own) as client:
                cookies = client.cookies.items()
            page.context.add_cookies(
                [{"name": key, "value": text, "url": self.url} for key, text in cookies]
            )
        page.goto(self.url + path)
        settle(page)
        return page

    def blank(self, *, theme="light", width="desk"):
        """Return an empty page of a browser that knows nobody."""
        free = KEPT.setdefault(self.browser, {}).setdefault(width == "phone", [])
        # What it has loaded before is at hand, as it is for people.
        context = free.pop() if free else self._opened(has_touch=width == "phone")
        self.contexts.append((free, context))
        page = context.new_page()
        page.set_viewport_size({"width": WIDTHS[width], "height": 900})
        page.emulate_media(color_scheme=theme)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._asked)
        return page

    def _opened(self, *, has_touch):
        context = self.browser.new_context(
            # What changes its colour slowly would be judged halfway.
            reduced_motion="reduce",
            has_touch=has_touch,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        return context

    def _forget(self, context):
        """Leave nothing of a visit in a browser: nobody signed in, nothing stored, no page."""
        context.set_offline(False)
        context.clear_cookies()
        page = context.new_page()
        stored = {"origin": self.url, "storageTypes": "local_storage,indexeddb"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        for one in context.pages:
            one.close()

    @contextmanager
    def client(self, name, purpose="analytics", role=None, *, own=False):
        """Open a client of the API with which somebody has signed in; with `role` or `own`, for this time alone."""
        url = f"{self.url}/api/v1"
        with httpx.Client(base_url=url, trust_env=False, timeout=60, verify=TLS) as client:
            kept = None if own or role else SESSIONS.get((url, name, purpose))
            if kept is None:
                asked = {"name": name, "password": self.password, "purpose": purpose}
                begun = client.post("/session", json=asked).raise_for_status()
                kept = begun.json()["csrf"], dict(client.cookies)
                if not own and not role:
                    # To sign in takes long, as it should.
                    SESSIONS[url, name, purpose] = kept
            client.headers["X-CSRF-Token"] = kept[0]
            if not client.cookies:
                client.cookies.update(kept[1])
            if role is not None:
                taken = {"role": role, "minutes": 30, "reason": "a test"}
                client.post("/roles", json=taken).raise_for_status()
                client.post("/session/renewal").raise_for_status()
                self.taken.append((name, role))
            yield client

    def _heard(self, message):
        # The browser itself notes each answer of an error; what the page makes of it is the tests' matter.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request):
        if request.url.startswith(("http:", "https:")) and not request.url.startswith(
            f"{self.url}/"
        ):
            self.complaints.append(f"asked another host: {urlsplit(request.url).netloc}")

    def close(self):
        """End all visits, of which none may have complained."""
        for free, context in self.contexts:
            self._forget(context)
            free.append(context)
        for name, role in self.taken:
            # The organisation is everybody's: the next test begins without anybody's role.
            with self.client(name) as client:
                client.delete(f"/roles/{role}")
        assert self.complaints == []


def settle(page):
    """Wait until a page shows what it is about: a heading, and nothing that is still being fetched."""
    page.locator("h1").first.wait_for()
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=10_000)


def check_accessible(page, *, rules=None):
    """Demand that axe finds nothing against WCAG 2.2 AA, by these rules or all, and that nothing sticks out."""
    chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # What passes is not told: it is most of a page.
    options = {"runOnly": chosen, "resultTypes": ["violations"]}
    assert page.evaluate(VIOLATIONS, options) == []
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
