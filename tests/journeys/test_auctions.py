"""Auctions from signing up to the confirmation, each person in a browser of their own."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mingtang.core.clock import CHINA
from tests.journeys.acting import press

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
BEGINS = 150_000  # milliseconds that a lot's first part may still take
ENDS = 60_000  # and its countdown, with what follows


class Lot:
    """A lot in the served demonstration, and what people do about it."""

    def __init__(self, hall, way, seconds):
        self.hall = hall
        self.key = self._floor("open", way, str(seconds))

    def _floor(self, *arguments):
        run = subprocess.run(
            [sys.executable, "-m", "tests.journeys.floor", *arguments],
            cwd=ROOT,
            env={**self.hall.environment, "PYTHONPATH": "src:."},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr[-3000:]
        return run.stdout.strip().splitlines()[-1] if run.stdout else ""

    @property
    def page(self):
        return f"{self.hall.url}/trading/lots/{self.key}/"

    def sign_up(self, bidder, *, priority=""):
        bidder.goto(f"{self.page}sign-up/")
        bidder.locator("[name=bidder]").first.check()
        if priority:
            bidder.locator("[name=priority]").fill(priority)
        bidder.locator("[name=promised]").check()
        press(bidder, "提交报名")
        expect(bidder.locator("body")).to_contain_text("报名已收到")

    def admit(self, officer, *, ranks=False):
        """Admit everybody who waits; whoever claims a priority right is the first in rank."""
        while True:
            officer.goto(f"{self.hall.url}/trading/desk/applications/")
            waiting = officer.locator("tr", has_text=self.key)
            if not waiting.count():
                return
            claims = waiting.first.get_by_text("有主张").count()
            waiting.first.get_by_role("link").click()
            rank = officer.locator("input[name=rank]:visible")
            if rank.count():
                rank.fill("1" if claims else "0")
            press(officer, "准予参加竞买")

    def pay(self):
        self._floor("pay", self.key)

    def enter(self, *people):
        for one in people:
            one.goto(f"{self.page}room/")
            expect(one.locator("#price")).to_be_visible()

    def record(self, tmp_path):
        """Return where the published record of this lot is kept, once it is there."""
        with urlopen_when_there(f"{self.page}record.json") as response:
            file = tmp_path / f"{self.key}.json"
            file.write_bytes(response.read())
        return file


def urlopen_when_there(address):
    """Open an address that is there once the log's next checkpoint is."""
    import time
    import urllib.error
    import urllib.request

    deadline = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(address)
        except urllib.error.HTTPError as missing:
            if missing.code != 404 or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def verified(hall, file):
    vkey = (hall.home / "keys" / "log.vkey").read_text().strip()
    return subprocess.run(
        [sys.executable, "-m", "mingtang.verifier", "auction", str(file), "--vkey", vkey],
        env={**hall.environment, "PYTHONPATH": "src"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def bid(bidder, *, more=0):
    """Raise by the least that counts and so many steps, and say yes."""
    box = bidder.locator("#box")
    expect(box).to_be_visible()
    for _ in range(more):
        box.locator("#more").click()
    box.locator("#bid").click()
    bidder.locator("#confirm-yes").click()
    expect(bidder.locator("#place")).to_contain_text("您当前领先")


def test_two_bidders_an_observer_and_hosts_from_sign_up_to_confirmation(
    as_, new_window, hall, tmp_path
):
    lot = Lot(hall, "listing", 100)
    one, other, officer = as_("citizen"), as_("agent"), as_("trade")
    for bidder in (one, other):
        lot.sign_up(bidder)
    lot.admit(officer)
    lot.pay()
    host, second, observer = as_("host1"), as_("host2"), new_window(viewport=PHONE)
    lot.enter(one, other, host, second, observer)
    expect(observer.locator("#box")).to_have_count(0)

    expect(one.locator("#box")).to_be_visible(timeout=BEGINS)
    bid(one)
    expect(observer.locator("#price")).to_contain_text("100.00")
    bid(other, more=1)
    expect(one.locator("#place")).to_contain_text("已被超过")
    expect(observer.locator("#extended")).to_contain_text("已延时")

    pause(host, second, meanwhile=lambda: write_down(host, "串通（演示）"))
    for watcher in (one, other, observer):
        expect(watcher.locator("#state")).to_contain_text("中止")
    expect(typed_by(host)).to_have_value("串通（演示）")
    resume(host)
    expect(one.locator("#box")).to_be_visible(timeout=ENDS)
    bid(one)
    expect(other.locator("#place")).to_contain_text("已被超过")
    expect(observer.locator("#record tr")).to_have_count(3)

    expect(one.locator("#result")).to_contain_text("成交", timeout=ENDS)
    expect(observer.locator("#result")).to_contain_text("成交", timeout=ENDS)
    confirmed(lot, one, observer)
    done = verified(hall, lot.record(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


PHONE = {"width": 390, "height": 844}


def typed_by(host):
    return host.locator("form[action$='/room/bar/'] [name=reason]")


def write_down(host, reason):
    """Begin an act, and leave it unsent: what others do meanwhile takes nothing away."""
    typed_by(host).fill(reason)


def pause(host, second, *, meanwhile=lambda: None):
    host.locator("form[action$='/room/propose/'] [name=stopping][value=pause]").check()
    host.locator("form[action$='/room/propose/'] [name=reason]").fill("核实情况（演示）")
    press(host, "提议")
    yes = second.locator("#proposal-yes")
    expect(yes).to_be_visible()
    meanwhile()
    with second.expect_navigation():
        yes.click()
        second.locator("dialog[open] button[value=yes]").click()


def resume(host):
    """Let it go on in a few seconds; the host's page shows this form by itself."""
    form = host.locator("form[action$='/room/resume/']")
    expect(form).to_be_visible()
    soon = datetime.now(CHINA) + timedelta(seconds=5)
    form.locator("[name=resumes]").fill(soon.strftime("%Y-%m-%dT%H:%M:%S"))
    press(host, "公布恢复时间")


def confirmed(lot, winner, observer):
    """The winner's name is public, and the confirmation lies among their own."""
    observer.goto(lot.page)
    expect(observer.get_by_text("竞得人").first).to_be_visible()
    winner.goto(f"{lot.hall.url}/trading/mine/")
    card = winner.locator("section.application").filter(has=winner.locator(f"a[href*='{lot.key}']"))
    there(winner, card.get_by_role("link", name="成交确认书").first).click()
    expect(winner.get_by_role("heading", level=1)).to_contain_text("成交确认书")
    file = there(winner, winner.locator("main a[href$='.pdf']").first).get_attribute("href")
    assert winner.request.get(f"{lot.hall.url}{file}").body().startswith(b"%PDF-")


def there(page, link):
    """Return a link once it is there: papers are made by the worker, so the page is looked at
    again until it has one."""
    for _ in range(60):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return link


def test_a_holder_of_a_priority_right_takes_the_same_price_and_wins(
    as_, new_window, hall, tmp_path
):
    lot = Lot(hall, "judicial", 75)
    holder, other, officer = as_("citizen"), as_("agent"), as_("trade")
    lot.sign_up(holder, priority="共有人（演示）")
    lot.sign_up(other)
    lot.admit(officer)
    lot.pay()
    lot.enter(holder, other)
    bid(other, more=2)
    match = holder.locator("#match")
    expect(match).to_be_visible()
    match.click()
    holder.locator("#confirm-yes").click()
    expect(holder.locator("#place")).to_contain_text("您当前领先")
    expect(other.locator("#place")).to_contain_text("已被超过")
    expect(holder.locator("#result")).to_contain_text("成交", timeout=BEGINS)
    expect(holder.locator("#place")).to_contain_text("您已竞得")
    done = verified(hall, lot.record(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_emission_rights_go_to_several_at_their_own_prices(as_, hall, new_window, tmp_path):
    lot = Lot(hall, "emission", 45)
    bidder, observer = as_("bidder"), new_window()
    lot.enter(bidder)
    with bidder.expect_navigation():
        bidder.get_by_role("button", name="更换会话密钥").click()
    offer = bidder.locator("#offer")
    expect(offer).to_be_visible()
    offer.locator("#offer-price").fill("10000")
    offer.locator("#offer-quantity").fill("40")
    offer.get_by_role("button", name="密封报价").click()
    bidder.locator("#confirm-yes").click()
    expect(bidder.locator("#own-offers li")).to_have_count(1)

    expect(bidder.locator("#result")).to_contain_text("成交", timeout=BEGINS)
    record = json.loads(lot.record(tmp_path).read_text())
    assert record
    observer.goto(lot.page)
    main = observer.get_by_role("main")
    expect(main).to_contain_text("10,000.00")
    expect(main).to_contain_text("9,500.00")
    done = verified(hall, tmp_path / f"{lot.key}.json")
    assert done.returncode == 0, done.stdout + done.stderr
