"""One screen at the window: accepted, decided, made, handed over, while the applicant waits."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import press
from tests.journeys.test_window_and_officers import take_in

pytestmark = pytest.mark.journey
ITEM = "特种设备使用登记"


def test_from_the_counter_to_the_certificate_in_the_hand(as_, new_window, hall):
    chief = as_("chief")
    number = take_in(chief, hall.url, ITEM, name="演示来客丙", id_number="990101198501010010")
    press(chief, "当场办结")
    expect(chief.get_by_role("heading", level=3, name="文书和证照")).to_be_visible()
    handing_over = chief.get_by_role("button", name="全部交给申请人")
    expect(handing_over).to_be_visible(timeout=60_000)
    made = chief.locator("#settled .item-row")
    expect(made).to_have_count(4)
    expect(made.filter(has_text="特种设备使用登记证")).to_have_count(1)

    press(chief, "全部交给申请人")
    expect(chief.get_by_text("已全部交给申请人，送达已记入账本。")).to_be_visible()

    code = checked_by_a_stranger(chief, new_window(), hall.url)
    assert re.fullmatch(r"/check/[0-9A-Z]{16}/", code)
    chief.goto(f"{hall.url}/cases/{number}/")
    expect(chief.get_by_role("main")).to_contain_text("准予")


def checked_by_a_stranger(chief, visitor, url):
    """Open what the certificate's QR says, without signing in; return its address."""
    row = chief.locator("#settled .item-row").filter(has_text="特种设备使用登记证")
    address = row.get_by_role("link", name="核验").get_attribute("href")
    visitor.goto(f"{url}{address}")
    main = visitor.get_by_role("main")
    expect(main).to_contain_text("特种设备使用登记证")
    expect(main).to_contain_text("明州省市场监督管理局")
    expect(main).to_contain_text("有效")
    return address
