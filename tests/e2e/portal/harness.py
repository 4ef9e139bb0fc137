"""Who visits the portal, and what has to hold wherever they go."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.sync_playwright import Axe

import ghala
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.demo.story import play
from ghala.testing.people import PASSWORD

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
TEAMS = {
    "amina": "sales-operations",
    "baraka": "group-finance",
    "chipo": "web-shop",
}
"""Who belongs to the team that owns a domain; `chipo` wants data of the others."""
ROLES = {"zoe": "administrator", "omar": "auditor", "esther": "steward"}
"""Who may take a role."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"phone": 390, "tablet": 768, "desk": 1440}


def make_organisation(folder):
    """Run the example organisation's story, and add people."""
    play(folder, scale=SCALE, say=lambda _: None)
    with ghala.open(folder) as app:
        identity = app.identity
        for name in (*TEAMS, *ROLES):
            identity.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)
        for name, team in TEAMS.items():
            identity.teams.add(team, by=OWNER_LOCAL)
            identity.teams.join(team, name, by=OWNER_LOCAL)
        for name, role in ROLES.items():
            identity.roles.assign(name, role, by=OWNER_LOCAL)


@dataclass
class Portal:
    """Visits to one server's portal."""

    browser: object
    url: str
    complaints: list = field(default_factory=list)
    contexts: list = field(default_factory=list)

    def visit(self, path="/", *, by="amina", purpose="analytics", theme="light", width="desk"):
        """Return a page that somebody has opened and that shows its content; nobody is signed in `by=None`."""
        page = self.blank(theme=theme, width=width)
        if by is not None:
            sign_in(page.context, self.url, by, purpose)
        page.goto(self.url + path)
        settle(page)
        return page

    def blank(self, *, theme="light", width="desk"):
        """Return an empty page of a browser that knows nobody."""
        context = self.browser.new_context(
            color_scheme=theme,
            viewport={"width": WIDTHS[width], "height": 900},
            has_touch=width == "phone",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._asked)
        return page

    def _heard(self, message):
        # The browser itself notes each answer of an error; what the page makes of it is the tests' matter.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request):
        if request.url.startswith(("http:", "https:")) and not request.url.startswith(f"{self.url}/"):
            self.complaints.append(f"asked another host: {urlsplit(request.url).netloc}")

    def close(self):
        """End all visits, of which none may have complained."""
        for context in self.contexts:
            context.close()
        assert self.complaints == []


def sign_in(context, url, name, purpose):
    """Sign somebody in past the page for it, and give their cookie to a browser."""
    asked = {"name": name, "password": PASSWORD, "purpose": purpose}
    with httpx.Client(base_url=f"{url}/api/v1", trust_env=False, timeout=30) as client:
        client.post("/session", json=asked).raise_for_status()
        context.add_cookies(
            [{"name": key, "value": value, "url": url} for key, value in client.cookies.items()]
        )


def settle(page):
    """Wait until a page shows what it is about: a heading, and nothing that is still being fetched."""
    page.locator("h1").first.wait_for()
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")


def check_accessible(page):
    """Demand that axe finds nothing against WCAG 2.2 AA, and that nothing sticks out on the side."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    told = [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert told == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
