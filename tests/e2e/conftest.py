"""What a journey in a real browser may ask for.

A journey is made by three readers, each with a `language` and a width, and JavaScript is off: `page` is
the browser's page, `portal.url` the running portal's address, `visit` opens an address and looks at it
with the eyes of a checker, `press` follows a link or a button to the page behind it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from opinovi.models import Letter, User
from tests.portal import Portal, committed_rows, running_portal

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# All that dark changes.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
# Also to the part of the page that an address names, which may look otherwise then.
TAKE_ADDRESS = """address => {
  const [path] = address.split("#");
  history.replaceState(null, "", path);
  if (path !== address) location.replace(address);
}"""
NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
PASSWORD = "only-for-tests-9"

Check = Callable[[Page], None]

# For a journey that is made in English whoever the reader is.
on_a_phone = pytest.mark.parametrize("reader", [("en", NARROW)], ids=["en-narrow"], indirect=True)
on_both_widths = pytest.mark.parametrize(
    "reader", [("en", NARROW), ("en", WIDE)], ids=["en-narrow", "en-wide"], indirect=True
)


@pytest.fixture(autouse=True)
def transactional_db(portal: Portal, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The portal is another process: it sees only rows that are committed."""
    with committed_rows(django_db_blocker):
        yield


@pytest.fixture(scope="session")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Portal]]:
    """`portals()` is the running portal, the same one for all modules of a run if it can be.

    Other tests may have emptied the database in between, and with it the content types whose numbers the
    portal's processes remember: then it is started anew.
    """
    with ExitStack() as running:
        started: list[tuple[Portal, list[tuple]]] = []

        def current() -> Portal:
            types = list(ContentType.objects.order_by("pk").values_list("pk", "app_label", "model"))
            if not started or started[-1][1] != types:
                running.close()
                portal = running.enter_context(running_portal(tmp_path_factory.mktemp("portal")))
                started.append((portal, types))
            return started[-1][0]

        yield current


@pytest.fixture(scope="module")
def portal(
    portals: Callable[[], Portal], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Portal:
    """The running portal; `portal.errors()` tells what it logged as an error since the module began."""
    with django_db_blocker.unblock():
        return portals().from_now()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. It is gone after a module: while it is there, no test can run an event loop of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, but makes no queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(
    params=[("fi", NARROW), ("sv", NARROW), ("en", WIDE)], ids=["fi-narrow", "sv-narrow", "en-wide"]
)
def reader(request: pytest.FixtureRequest) -> tuple[str, ViewportSize]:
    """A language and a width: the two with the longest words on a small phone, English on a wide screen."""
    return request.param


@pytest.fixture
def language(reader: tuple[str, ViewportSize]) -> str:
    return reader[0]


@pytest.fixture
def page(reader: tuple[str, ViewportSize], chromium: Browser, portal: Portal) -> Iterator[Page]:
    """A page without JavaScript, as wide as the reader's screen."""
    context = chromium.new_context(
        java_script_enabled=False, viewport=reader[1], base_url=portal.url, timezone_id="Europe/Helsinki"
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def lively(chromium: Browser, portal: Portal) -> Iterator[Page]:
    """A wide page with JavaScript, under the portal's own rules of what may run; no script may fail."""
    context = chromium.new_context(viewport=WIDE, base_url=portal.url, timezone_id="Europe/Helsinki")
    context.set_default_timeout(15_000)
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(error.message))
    yield page
    context.close()
    assert faults == []


class Twin:
    """A page for axe, which needs scripts: it shows what stands on another page, at the same address.

    It is written anew each time instead of being opened: axe is read but once, and soon runs fast. Scripts of
    the document are left out, as they are for its reader; what they add is looked at where they run.
    """

    def __init__(self, page: Page, portal: Portal) -> None:
        self.page = page
        self.page.goto(f"{portal.url}/robots.txt")
        self.page.evaluate(AXE_SCRIPT)

    def show(self, shown: Page) -> None:
        if self.page.viewport_size != shown.viewport_size:
            self.page.set_viewport_size(shown.viewport_size)
        self.page.set_content(SCRIPT.sub("", shown.content()))
        self.page.evaluate(TAKE_ADDRESS, shown.url)

    def faults(self, rules: dict) -> list[str]:
        """What axe finds, in words."""
        found = self.page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
        return [_told(violation) for violation in found]

    def faults_in_dark(self) -> list[str]:
        self.page.emulate_media(color_scheme="dark")
        found = self.faults(COLOURS)
        self.page.emulate_media(color_scheme="light")
        return found

    @property
    def width(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth")


@pytest.fixture(scope="module")
def twin(chromium: Browser, portal: Portal) -> Iterator[Twin]:
    context = chromium.new_context(bypass_csp=True, color_scheme="light", reduced_motion="reduce")
    yield Twin(context.new_page(), portal)
    context.close()


@pytest.fixture
def assert_accessible(twin: Twin) -> Check:
    """Look at a page as it stands: axe finds nothing, in light and in dark, and nothing scrolls sideways."""

    def check(page: Page) -> None:
        twin.show(page)
        assert twin.faults(RULES) == [], page.url
        assert twin.width <= page.viewport_size["width"], f"{page.url} scrolls sideways"
        if page.viewport_size == WIDE:  # what is dark on a wide screen is as dark on a phone
            assert twin.faults_in_dark() == [], f"{page.url} in dark"

    return check


@pytest.fixture
def visit(page: Page, assert_accessible: Check) -> Callable[[str], None]:
    """Open an address and check the page: `visit("/en/book/")`."""

    def open_and_check(address: str) -> None:
        answer = page.goto(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        assert_accessible(page)

    return open_and_check


@pytest.fixture
def press(page: Page) -> Callable[[str | Locator], None]:
    """Press a link or a button and wait for the page it leads to, also one of the same address."""

    def press_and_wait(target: str | Locator) -> None:
        locator = page.locator(target) if isinstance(target, str) else target
        with page.expect_navigation():
            locator.click()

    return press_and_wait


@pytest.fixture
def sign_in(page: Page, portal: Portal) -> Callable[[User], None]:
    """Let a person be signed in; `sign_in_by_form` shows once how they do it, which takes seconds."""

    def by_cookie(user: User) -> None:
        browser = Client()
        browser.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": portal.url}])

    return by_cookie


@pytest.fixture
def sign_in_by_form(
    page: Page, press: Callable[[str | Locator], None], assert_accessible: Check
) -> Callable[[User], None]:
    """Sign a person in through the form, as they do it."""

    def through_the_form(user: User) -> None:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page.goto("/en/account/login/")
        assert_accessible(page)
        page.locator("#id_login").fill(user.email)
        page.locator("#id_password").fill(PASSWORD)
        press(page.locator("main form button").first)
        assert "login" not in page.url, "signing in did not work"

    return through_the_form


def link_in(letter: Letter) -> str:
    """Where the first link of a letter to a page of the portal leads."""
    return re.search(rf"https?://[^/\s]+(/{letter.language}/\S+)", letter.text)[1]


def _told(violation: dict) -> str:
    nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} – {nodes}"
