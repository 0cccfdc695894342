"""Take the pictures anew: `.venv/bin/python -m tests.journeys.take_screenshots [NAME…]`.

Makes a demonstration in a temporary directory, walks through it and writes docs/screenshots/:
all pictures, or those named, for each that changes stays in the repository's history for good.
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.acting import PAPER, find_item, press, sign_in
from tests.journeys.browser import FLAGS, _found
from tests.journeys.conftest import served

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ITEM = "食品经营许可"
ADOPTED = "食品添加剂生产许可"
WANTED = frozenset(sys.argv[1:])  # none: all


@dataclass(frozen=True)
class Shot:
    """A page as the screen shows it, at both sizes: who opens it, where, by which links."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    unfold: str = ""  # the summary of what is opened on it, which is then at the top


CASE, JOINT = "main a[href^='/cases/MT-']", "main a[href^='/cases/J-']"
RUNNING = "main :is(li, tr):has-text('并联审批中') a[href^='/cases/J-']"
REVIEWED = "main li:has-text('在承诺时限内') a[href^='/cases/MT-']"
SHOTS = (
    Shot("workbench", "clerk01", "/cases/desk/", ("a[href^='/cases/desk/MT-']",)),
    Shot("lists", "reviewer-20", "/cases/work/"),
    Shot("task", "reviewer", "/cases/tasks/", ("a[href^='/cases/tasks/MT-']",)),
    Shot("delegation", "reviewer", "/cases/work/delegations/"),
    Shot("joint", "chief", "/cases/joint/", (RUNNING,)),
    Shot("joint-applicant", "agent", "/cases/mine/?tab=open", (CASE, JOINT)),
    Shot("clock", "agent", "/cases/mine/?tab=open", (REVIEWED,), unfold="为什么是这一天"),
    Shot("referrals", "centre", "/cases/legs/"),
    Shot("referral", "reviewer", "/cases/legs/", (CASE, "a[href$='/legs/'][href*='MT-']")),
    Shot("opinions", "counsel", "/cases/opinions/", ("a[href^='/cases/opinions/MT-']",)),
    Shot("sharing", "", "/sharing/"),
    Shot("together", "", "/together/"),
    Shot("intermediaries", "", "/intermediaries/"),
    Shot("intermediaries-register", "", "/intermediaries/register/"),
    Shot("need", "", "/intermediaries/?stage=accepted", ("main a[href*='/needs/']",)),
    Shot("beside", "clerk01", "/cases/beside/"),
    Shot("hearings", "", "/cases/hearings/"),
    Shot("adoptions", "centre", "/catalogue/adoptions/"),
    Shot("where", "", f"/items/?q={ADOPTED}", ("main a[href^='/items/']:not([href*='?'])",)),
    Shot("collected", "clerk-yunling-market", "/cases/desk/?tab=collected"),
    Shot("call-panel", "clerk01", "/windows/panel/"),
    Shot("big-screen", "", "/windows/mingzhou/screen/"),
    Shot("ratings", "", "/ratings/"),
    Shot("efficiency", "", "/cases/efficiency/"),
    Shot("hand", "reviewer-20", "/hand/", (".cards a[href*='/hand/MT-']",)),
)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home)) as hall,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=_found(), args=list(FLAGS))

        def open_as(username: str = "", viewport: dict[str, int] = DESKTOP) -> Page:
            context = chromium.new_context(
                viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            if username:
                sign_in(page, hall.url, username)
            return page

        take(open_as, hall.url)
        chromium.close()


def take(open_as, url: str) -> None:
    visitor = open_as()
    visitor.goto(f"{url}/")
    keep(visitor, "home")
    visitor.goto(f"{url}/items/?q=许可")
    keep(visitor, "items")
    visitor.goto(f"{url}/items/?q={ITEM}")
    visitor.get_by_role("link", name=ITEM, exact=True).first.click()
    visitor.wait_for_load_state()
    keep(visitor, "guide")
    visitor.goto(f"{url}/ledger/")
    keep(visitor, "ledger")
    visitor.goto(f"{url}/letters/")
    keep(visitor, "letters", height=1000)

    citizen = open_as("citizen")
    find_item(citizen, url, ITEM)
    citizen.get_by_role("link", name="在线办理").first.click()
    citizen.get_by_role("button", name="下一步").wait_for()
    for question in citizen.locator("main fieldset").all():
        question.get_by_role("radio").first.check()
    press(citizen, "下一步")
    card = citizen.locator("section.material").first
    card.locator("input[type=file]").set_input_files(PAPER)
    card.get_by_role("button", name=re.compile("^收下这份")).click()
    card.locator(".lamp.good").wait_for()
    keep(citizen, "apply")

    papers_and_licences(open_as, url)
    for shot in SHOTS:
        at_both_sizes(open_as, url, shot)
    numbers(open_as, url)
    ratings(open_as, url)
    comparison(open_as, url)
    hearings(open_as, url)
    centre = open_as("centre")
    centre.goto(f"{url}/catalogue/")
    keep(centre, "catalogue")


def at_both_sizes(open_as, url: str, shot: Shot) -> None:
    """Take a page on a desk and on a phone."""
    for viewport, ending in ((DESKTOP, ""), (PHONE, "-phone")):
        if is_wanted(name := f"{shot.name}{ending}"):
            page = open_as(shot.who, viewport)
            page.goto(f"{url}{shot.path}")
            for link in shot.follow:
                address = page.locator(link).first.get_attribute("href")
                page.goto(f"{url}{address}")
            if shot.unfold:
                page.locator("summary", has_text=shot.unfold).first.click()
                page.locator(".card", has=page.locator("details[open]")).first.evaluate(
                    "card => scrollBy(0, card.getBoundingClientRect().top - 16)"
                )
            page.screenshot(path=PICTURES / f"{name}.png")


def numbers(open_as, url: str) -> None:
    """A number taken online, as whoever waits sees it."""
    waiting = open_as("citizen", PHONE)
    waiting.goto(f"{url}/windows/mingzhou/take/")
    press(waiting, "取号")
    keep(waiting, "number-phone", height=844)
    desk = open_as("citizen")
    desk.goto(waiting.url)
    keep(desk, "number", height=900)


def ratings(open_as, url: str) -> None:
    """A finished case rated, and the bad ratings that are answered."""
    citizen = open_as("citizen", PHONE)
    citizen.goto(f"{url}/cases/mine/?tab=closed")
    citizen.get_by_role("link", name="看进度").last.click()
    citizen.get_by_role("link", name="评价这次办事").click()
    citizen.get_by_role("link", name="现在评价").click()
    citizen.get_by_role("button", name="提交评价").first.wait_for()
    keep(citizen, "rating-phone", height=844)
    desk = open_as()
    desk.goto(citizen.url)
    keep(desk, "rating", height=900)
    centre = open_as("centre")
    centre.goto(f"{url}/ratings/callbacks/")
    keep(centre, "bad-ratings")


def comparison(open_as, url: str) -> None:
    """What was handed in anew beside what it replaced, in a case that had to be corrected."""
    reviewer = open_as("reviewer-20")
    reviewer.goto(f"{url}/cases/tasks/?tab=done")
    done = reviewer.locator("a[href^='/cases/tasks/MT-']").evaluate_all(
        "links => links.map(link => link.href.split('/')[5])"
    )
    pages = (f"{url}/cases/{number}/compare/" for number in dict.fromkeys(done))
    found = next(page for page in pages if reviewer.request.get(page).ok)
    for viewport, ending in ((DESKTOP, ""), (PHONE, "-phone")):
        page = open_as("reviewer-20", viewport)
        page.goto(found)
        page.locator(".passages").wait_for()
        keep(page, f"comparison{ending}")


def hearings(open_as, url: str) -> None:
    """A hearing as somebody with an interest in it finds it."""
    for viewport, ending in ((DESKTOP, ""), (PHONE, "-phone")):
        if is_wanted(name := f"hearing{ending}"):
            citizen = open_as("citizen", viewport)
            citizen.goto(f"{url}/cases/mine/")
            waiting = citizen.locator(".item-row", has_text="等待当事人表示")
            waiting.get_by_role("link", name="看听证").first.click()
            citizen.wait_for_load_state()
            citizen.screenshot(path=PICTURES / f"{name}.png")


def papers_and_licences(open_as, url: str) -> None:
    """What a hospital's eight certificates look like to whoever has to do with them."""
    agent = open_as("agent")
    agent.goto(f"{url}/licences/")
    while not agent.get_by_role("link", name="打开 PDF").count():  # the worker is at it
        agent.wait_for_timeout(1000)
        agent.reload()
    agent.locator("main a[href^='/licences/MT-']").first.click()
    agent.wait_for_load_state()
    keep(agent, "my-licence", height=1300)
    keep_paper(agent, url, "-L1.pdf", "licence")
    check = agent.locator("main a[href^='/check/']").first.get_attribute("href")
    agent.locator("main a[href^='/cases/MT-']").first.click()
    agent.wait_for_load_state()
    keep(agent, "progress", height=1500)
    keep_paper(agent, url, "-2.pdf", "paper")
    handheld = open_as("agent", PHONE)
    handheld.goto(agent.url)
    keep(handheld, "phone", height=1400)
    visitor = open_as()
    visitor.goto(f"{url}{check}")
    keep(visitor, "check", height=1300)
    handheld = open_as("", PHONE)
    handheld.goto(f"{url}{check}")
    keep(handheld, "check-phone", height=1300)

    chief = open_as("chief-20")
    chief.goto(f"{url}/cases/tasks/?tab=done")
    chief.locator("main a[href*='/B-'], a[href*='/B-']").first.click()
    chief.wait_for_load_state()
    keep(chief, "batch", height=1500)
    manager = open_as("manager")
    manager.goto(f"{url}/seals/")
    manager.locator("main a[href^='/seals/market-regulation-']").first.click()
    manager.wait_for_load_state()
    keep(manager, "seal")


def is_wanted(name: str) -> bool:
    return not WANTED or name in WANTED


def keep(page: Page, name: str, *, height: int = 1200) -> None:
    """Write the top of the page, at most `height` pixels of it, where it is wanted."""
    if not is_wanted(name):
        return
    viewport = page.viewport_size
    assert viewport is not None
    tall = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": viewport["width"], "height": min(height, tall)}
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)


def keep_paper(page: Page, url: str, end: str, name: str) -> None:
    """Write the first page of the paper that `page` has a link to, whose address ends so."""
    if not is_wanted(name):
        return
    address = page.locator(f"main a[href$='{end}']").first.get_attribute("href")
    pdf = page.request.get(f"{url}{address}").body()
    size = ("-scale-to-x", "680", "-scale-to-y", "-1")
    told = ["pdftoppm", *size, "-png", "-singlefile", "-", str(PICTURES / name)]
    subprocess.run(told, input=pdf, check=True)


if __name__ == "__main__":
    main()
