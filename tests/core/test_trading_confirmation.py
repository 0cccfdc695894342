"""What the floor puts on paper, word by word where a word has consequences."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core.sheets import BlockKind, Layout, Sheet
from mingtang.core.trading.confirmation import admission, sale_confirmation
from mingtang.core.trading.lots.events import LotAward, WinnerName
from mingtang.core.trading.parameters import Bidding, Direction, Period, Unit
from tests.core.trade_paper_examples import (
    ADMITTED,
    AT,
    CENTRE,
    DEPOSIT,
    ENDED,
    WINNER,
    by_court,
    result,
    trade,
)
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, MULTI_UNIT, SEALED


def told(sheet: Sheet) -> dict[str, str]:
    return {line.label: line.value for block in sheet.blocks for line in block.lines}


def paragraphs(sheet: Sheet) -> list[str]:
    return [block.text for block in sheet.blocks if block.kind is BlockKind.TEXT]


def confirmed(what=None, how=None, winner: WinnerName = WINNER) -> Sheet:
    return sale_confirmation(what or trade(), how or result(), winner, at=AT)


# ── 成交确认书 ──────────────────────────────────────────────────────────────


def test_a_confirmation_says_who_won_what_at_which_price_and_when():
    sheet = confirmed()
    assert (sheet.layout, sheet.title, sheet.organ) == (Layout.NOTICE, "成交确认书", CENTRE.name)
    assert (sheet.addressee, sheet.date) == (WINNER.name, date(2026, 3, 20))
    assert told(sheet) == {
        "统一交易标识码": "B01-12990000MT000C017U-20260316-000001-7",
        "交易项目": "云岭市观澜区东片 2026 年第三批国有建设用地使用权网上挂牌出让",
        "标的": "第 1 号标的：观澜区东片 A-07 地块国有建设用地使用权",
        "转让（出让）方": "云岭市自然资源局",
        "交易规程": "演示挂牌（第 3 版）",
        "竞得人": "演示云岭城市建设投资有限公司（4711 号牌）",
        "成交价": "人民币 123,405,000.00 元（大写：壹亿贰仟叁佰肆拾万伍仟元整）",
        "竞价结束时间": "2026年3月20日10时05分07秒",
        "竞价经过": "4 位竞买人，23 次有效报价，延时 7 次",
        "存证序号": "123456，账本中记载竞价结果的一条",
    }
    assert paragraphs(sheet) == [
        "你方以 4711 号牌参加下列标的的网上竞价，现竞价已经结束，"
        "按照交易规程，你方竞得。特此确认。",
        "请按公告规定的期限与转让（出让）方签订合同。"
        "无正当理由不签订合同或者不支付价款的，依法承担违约责任。",
        "参照《中华人民共和国拍卖法》第五十二条，本确认书依竞价结果自动生成。"
        "竞价的每一步都记入账本，任何人都可以核验。",
    ]
    assert sheet.notes == (
        "本文书由系统依法自动生成，未经人工处理。",
        f"咨询电话 {CENTRE.phone}；{CENTRE.address}。",
    )


def test_of_several_winners_each_reads_their_own_price_and_quantity():
    first = LotAward(paddle="4711", price_fen=523_050, quantity=1_200)
    second = LotAward(paddle="5088", price_fen=500_000, quantity=300)
    how, lot = result(first, second), trade(MULTI_UNIT)
    sheets = [
        confirmed(lot, how, WinnerName(paddle=paddle, name="演示张三"))
        for paddle in ("4711", "5088")
    ]
    assert [(told(s)["成交单价"], told(s)["成交数量"], told(s)["成交价"]) for s in sheets] == [
        (
            "人民币 5,230.50 元/吨",
            "1,200 吨",
            "人民币 6,276,600.00 元（大写：陆佰贰拾柒万陆仟陆佰元整）",
        ),
        ("人民币 5,000.00 元/吨", "300 吨", "人民币 1,500,000.00 元（大写：壹佰伍拾万元整）"),
    ]


def test_who_won_nothing_is_confirmed_nothing():
    with pytest.raises(StopIteration):
        confirmed(winner=WinnerName(paddle="9999", name="演示张三"))


@pytest.mark.parametrize(
    ("period", "provisional", "said"),
    [
        (
            Period(number=3, unit=Unit.WORKING_DAYS),
            False,
            "请在竞价结束后 3 个工作日内，不迟于2026年3月25日（周三），与转让（出让）方签订合同。",
        ),
        (
            Period(number=30, unit=Unit.CALENDAR_DAYS),
            True,
            "请在竞价结束后 30 日内，不迟于2026年3月25日（周三）（暂定），"
            "与转让（出让）方签订合同。",
        ),
    ],
)
def test_the_last_day_for_signing_stands_on_it_where_the_procedure_says(period, provisional, said):
    how = replace(result(sign_by=date(2026, 3, 25)), provisional=provisional)
    assert paragraphs(confirmed(trade(rules={"signing": period}), how))[1].startswith(said)


def test_the_deposit_goes_into_the_price():
    deposit = "人民币 2,000,000.00 元（大写：贰佰万元整）"
    said = f"你方交纳的保证金{deposit}，在签订合同后转作成交价款。"
    kept = "无正当理由不签订合同或者不支付价款的，保证金不予退还，并依法承担违约责任。"
    assert paragraphs(confirmed(trade(deposit_fen=DEPOSIT)))[1].endswith(said + kept)


def test_a_courts_auction_follows_the_supreme_courts_rules():
    sheet = confirmed(by_court())
    assert told(sheet)["委托法院"] == "云岭市中级人民法院"
    assert paragraphs(sheet)[1:] == [
        "请按公告规定的期限，将余款付至人民法院指定的账户。"
        "你方交纳的保证金人民币 2,000,000.00 元（大写：贰佰万元整），"
        "在竞价结束后 24 小时内划入该账户，充抵价款。"
        "成交后悔拍的，保证金不予退还（第二十四条）。",
        "依据《最高人民法院关于人民法院网络司法拍卖若干问题的规定》（法释〔2016〕18号）第二十二条，"
        "本确认书以买受人的真实身份自动生成并公示。竞价的每一步都记入账本，任何人都可以核验。",
    ]


def test_who_sells_to_a_buyer_is_confirmed_without_the_law_of_auctions():
    sheet = confirmed(trade({**SEALED, "direction": Direction.REVERSE}))
    assert "成交人" in told(sheet)
    assert told(sheet)["采购人"] == "云岭市自然资源局"
    assert "拍卖" not in "".join(paragraphs(sheet))
    assert paragraphs(sheet)[1] == "请按公告规定的期限与采购人签订合同。"


@pytest.mark.parametrize(("way", "word"), [(AUCTION, "依据"), (LISTING, "参照"), (DUTCH, "参照")])
def test_only_an_auction_rests_on_the_law_of_auctions_itself(way, word):
    assert (way["bidding"] is Bidding.AUCTION) == (word == "依据")
    said = paragraphs(confirmed(trade(way)))[-1]
    assert said.startswith(f"{word}《中华人民共和国拍卖法》第五十二条")


# ── 竞买资格确认书 ──────────────────────────────────────────────────────────


def test_an_admission_says_which_paddle_where_to_pay_and_how_to_get_in():
    sheet = admission(trade(deposit_fen=DEPOSIT), ADMITTED, staff_no="T-01", at=AT)
    assert (sheet.title, sheet.addressee) == ("竞买资格确认书", ADMITTED.name)
    assert told(sheet) == {
        "统一交易标识码": "B01-12990000MT000C017U-20260316-000001-7",
        "交易项目": "云岭市观澜区东片 2026 年第三批国有建设用地使用权网上挂牌出让",
        "标的": "第 1 号标的：观澜区东片 A-07 地块国有建设用地使用权",
        "交易规程": "演示挂牌（第 3 版）",
        "号牌": "4711",
        "报价时间": "2026年3月20日9时00分开始，2026年3月30日9时00分截止（延时另计）",
        "保证金": "人民币 2,000,000.00 元（大写：贰佰万元整）",
        "户名": "明州省公共服务中心",
        "开户行": "演示银行云岭分行营业部",
        "账号": "990100482915537210",
        "交纳截止": "2026年3月20日9时00分，以银行入账时间为准",
    }
    assert paragraphs(sheet)[-1].startswith("保证金到账后，请用报名时的浏览器登录本平台")
    assert sheet.notes[0] == "审核：工号 T-01。"


def test_without_a_deposit_nobody_is_told_to_pay():
    sheet = admission(trade(), replace(ADMITTED, account=None, rank=2), staff_no="", at=AT)
    assert told(sheet)["优先购买权"] == "第 2 顺位"
    assert "账号" not in told(sheet)
    assert paragraphs(sheet)[1] == "本标的不收取保证金。"
    assert paragraphs(sheet)[-1].startswith("请用报名时的浏览器登录本平台")


def test_a_moment_is_cut_to_the_second():
    assert ENDED.microsecond == 318_000
    assert told(confirmed())["竞价结束时间"].endswith("05分07秒")
