"""Take the pictures of README.md anew: `.venv/bin/python -m tests.journeys.take_screenshots`.

Makes a demonstration in a temporary directory, walks through it and writes docs/screenshots/.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.acting import PAPER, find_item, press, sign_in
from tests.journeys.browser import FLAGS, _found
from tests.journeys.conftest import served

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ITEM = "食品经营许可"


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
    windows(open_as, url)
    ratings(open_as, url)
    among_departments(open_as, url)
    hearings(open_as, url)

    clerk = open_as("clerk01")
    clerk.goto(f"{url}/cases/desk/")
    clerk.locator("a[href^='/cases/desk/MT-']").first.click()
    clerk.wait_for_load_state()
    clerk.screenshot(path=PICTURES / "workbench.png")  # as the screen shows it: the bar stays
    reviewer = open_as("reviewer")
    reviewer.goto(f"{url}/cases/tasks/")
    reviewer.locator("a[href^='/cases/tasks/MT-']").first.click()
    reviewer.wait_for_load_state()
    keep(reviewer, "task")
    centre = open_as("centre")
    centre.goto(f"{url}/catalogue/")
    keep(centre, "catalogue")


def windows(open_as, url: str) -> None:
    """A hall's queue, as whoever waits, the whole hall and the clerk see it."""
    screen = open_as()
    screen.goto(f"{url}/windows/mingzhou/screen/")
    screen.screenshot(path=PICTURES / "big-screen.png")
    waiting = open_as("citizen", PHONE)
    waiting.goto(f"{url}/windows/mingzhou/take/")
    press(waiting, "取号")
    waiting.screenshot(path=PICTURES / "number-phone.png")
    clerk = open_as("clerk01")
    clerk.goto(f"{url}/windows/panel/")
    keep(clerk, "call-panel")


def ratings(open_as, url: str) -> None:
    """A finished case rated on a phone; what is published of ratings and of time taken."""
    citizen = open_as("citizen", PHONE)
    citizen.goto(f"{url}/cases/mine/?tab=closed")
    citizen.get_by_role("link", name="看进度").last.click()
    citizen.get_by_role("link", name="评价这次办事").click()
    citizen.get_by_role("link", name="现在评价").click()
    citizen.get_by_role("button", name="提交评价").first.wait_for()
    citizen.screenshot(path=PICTURES / "rating-phone.png")
    visitor = open_as()
    visitor.goto(f"{url}/ratings/")
    keep(visitor, "ratings")
    visitor.goto(f"{url}/cases/efficiency/")
    visitor.screenshot(path=PICTURES / "efficiency.png")
    centre = open_as("centre")
    centre.goto(f"{url}/ratings/callbacks/")
    keep(centre, "bad-ratings")


def among_departments(open_as, url: str) -> None:
    """What several people or departments do together, and the same in the hand."""
    reviewer = open_as("reviewer-20")
    reviewer.goto(f"{url}/cases/work/")
    reviewer.screenshot(path=PICTURES / "lists.png")
    handheld = open_as("reviewer-20", PHONE)
    handheld.goto(f"{url}/hand/")
    handheld.locator(".cards a[href*='/hand/MT-']").first.click()
    handheld.wait_for_load_state()
    handheld.screenshot(path=PICTURES / "hand-phone.png")
    lead = open_as("centre")
    lead.goto(f"{url}/cases/joint/")
    lead.locator("main a[href^='/cases/J-']").first.click()
    lead.wait_for_load_state()
    keep(lead, "joint", height=1500)
    for who, path, name in (
        ("", "/sharing/", "sharing"),
        ("", "/together/", "together"),
        ("", "/intermediaries/", "intermediaries"),
        ("centre", "/cases/legs/", "referrals"),
        ("clerk01", "/cases/beside/", "beside"),
        ("", "/cases/hearings/", "hearings"),
    ):
        for viewport, ending in ((DESKTOP, ""), (PHONE, "-phone")):
            page = open_as(who, viewport)
            page.goto(f"{url}{path}")
            page.screenshot(path=PICTURES / f"{name}{ending}.png")


def hearings(open_as, url: str) -> None:
    """A hearing as somebody with an interest in it finds it."""
    for viewport, ending in ((DESKTOP, ""), (PHONE, "-phone")):
        citizen = open_as("citizen", viewport)
        citizen.goto(f"{url}/cases/mine/")
        waiting = citizen.locator(".item-row", has_text="等待当事人表示")
        waiting.get_by_role("link", name="看听证").first.click()
        citizen.wait_for_load_state()
        citizen.screenshot(path=PICTURES / f"hearing{ending}.png")


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


def keep(page: Page, name: str, *, height: int = 1200) -> None:
    """Write the top of the page, at most `height` pixels of it."""
    viewport = page.viewport_size
    assert viewport is not None
    tall = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": viewport["width"], "height": min(height, tall)}
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)


def keep_paper(page: Page, url: str, end: str, name: str) -> None:
    """Write the first page of the paper that `page` has a link to, whose address ends so."""
    address = page.locator(f"main a[href$='{end}']").first.get_attribute("href")
    pdf = page.request.get(f"{url}{address}").body()
    size = ("-scale-to-x", "680", "-scale-to-y", "-1")
    told = ["pdftoppm", *size, "-png", "-singlefile", "-", str(PICTURES / name)]
    subprocess.run(told, input=pdf, check=True)


if __name__ == "__main__":
    main()
