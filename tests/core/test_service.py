"""The record of service (送达回证): how a paper reached its addressee, in words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mingtang.core.papers import PaperKind, PaperServed, ServedHow
from mingtang.core.service import WAYS, WITH_RECORD, record_of_service
from mingtang.core.sheets import BlockKind, Layout
from mingtang.core.wire import Sealed
from tests.core.test_papers import SHEET

SERVED = PaperServed(
    about="case/MT-7K2P-9QXD",
    how=ServedHow.ONLINE,
    recipient=Sealed("演示甲"),
    by="P9",
    at=datetime(2026, 3, 2, 23, 5, tzinfo=UTC),  # the next morning in China
)


def said(sheet):
    [table] = [block for block in sheet.blocks if block.kind is BlockKind.FACTS]
    return {line.label: line.value for line in table.lines}


def test_a_record_says_who_received_what_how_and_when():
    sheet = record_of_service(SHEET, SERVED, index=41)
    assert (sheet.layout, sheet.title, sheet.organ) == (
        Layout.NOTICE,
        "送达回证",
        "演示明州省市场监督管理局",
    )
    assert said(sheet) == {
        "受送达人": "演示甲",
        "送达文书": "受理通知书",
        "文书文号": "市场监管局受〔2026〕7号",
        "送达方式": "电子送达",
        "送达时间": "2026年3月3日7时05分",
        "收件人": "演示甲",
        "存证序号": "41",
    }
    assert sheet.date == date(2026, 3, 3)
    assert (sheet.number, sheet.code) == ("", "")  # its own are given when it is ordered


@pytest.mark.parametrize(
    ("how", "taken"),
    [
        (ServedHow.ONLINE, "电子签收：演示乙登录后打开文书，签收时间由系统记录。"),
        (ServedHow.WINDOW, "当面签收：演示乙在窗口领取，由经办人登记。"),
        (ServedHow.POST, "邮寄签收：演示乙签收，由经办人登记。"),
        (ServedHow.ELSEWHERE, "由经办人登记，收件人演示乙。"),
    ],
)
def test_each_way_says_how_it_was_taken(how, taken):
    sheet = record_of_service(SHEET, replace(SERVED, how=how, recipient="演示乙"), index=41)
    assert sheet.blocks[-1].text == taken
    assert said(sheet)["受送达人"] == "演示甲"
    assert said(sheet)["收件人"] == "演示乙"


def test_every_way_of_serving_has_its_words():
    assert set(WAYS) == set(ServedHow)


def test_what_a_period_runs_from_or_a_right_is_decided_by_has_a_record():
    # of a sale the terms run from the auction's end, and an admission is no decision on a right
    of_trading = {PaperKind.ADMISSION, PaperKind.SALE}
    without = {PaperKind.RECEIVED, PaperKind.SERVICE, PaperKind.LICENCE} | of_trading
    assert frozenset(PaperKind) - without == WITH_RECORD
