"""The pages of halls: taking, booking, the number's page, the panel, the big screen."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.halls import ClosedDay, HallBreak, WindowServes
from mingtang.core.queues import Channel
from mingtang.windows import actions, queries
from mingtang.windows.models import TicketRow
from tests.core.item_examples import COMPLETE
from tests.rooms import window_words as words
from tests.rooms.case_town import ITEM, ONCE, signed_in
from tests.rooms.window_words import HALL, ONE, OTHER

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(log_home):
    return words.build()


def page(name, *args):
    return reverse(f"windows:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def give(hall, **said):
    """Give a number now; return its row."""
    receipt = actions.take(
        hall=HALL, channel=Channel.COUNTER, by=hall.clerk, at=timezone.localtime(), **said
    )
    return queries.ticket_taken(receipt.index)


def call(hall, window=ONE):
    by = hall.clerk if window == ONE else hall.other
    actions.call(hall=HALL, window=window, by=by, at=timezone.localtime())


# ── In public ───────────────────────────────────────────────────────────────


def test_anybody_sees_the_halls_and_the_rules_of_their_queues(hall):
    give(hall)
    assert "1 人在等候" in text(Client().get(page("halls")))
    shown = text(Client().get(page("hall", HALL)))
    assert "00:00-24:00 · 每天" in shown
    for name in ("7 号综合窗口", "8 号综合窗口"):
        assert f"<dt>{name}</dt><dd>全部事项</dd>" in shown
    assert Client().get(page("hall", "nowhere")).status_code == 404


@pytest.mark.parametrize("name", ["screen", "screen-now"])
def test_the_big_screen_shows_numbers_and_windows_and_nobody(hall, name):
    give(hall, name="演示甲", phone="19900000001")
    give(hall, name="演示乙")
    call(hall)
    shown = text(Client().get(page(name, HALL)))
    assert "<b>A001</b><span>7 号综合窗口</span>" in shown
    assert "<li>A002</li>" in shown
    assert "等候 1 人" in shown
    for secret in ("演示甲", "演示乙", "19900000001"):
        assert secret not in shown
    assert 'hx-trigger="every 3s"' in shown


def test_a_screen_with_nobody_called(hall):
    assert "暂时没有叫号" in text(Client().get(page("screen", HALL)))


def test_anybody_sees_how_long_people_waited(hall):
    give(hall)
    call(hall)
    today = timezone.localdate().isoformat()
    shown = text(Client().get(page("waiting", HALL), {"day": today}))
    assert re.search(r'data-label="最长等候（分钟）">0\.\d<', shown)
    assert "这一天还没有叫过号" in text(Client().get(page("waiting", HALL), {"day": "2026-01-05"}))
    assert text(Client().get(page("waiting", HALL), {"day": "nonsense"}))


# ── My number ───────────────────────────────────────────────────────────────


def test_a_number_is_taken_online_and_leads_to_its_page(hall):
    give(hall)
    citizen = signed_in(hall.citizen)
    assert "1 人在等候" in text(citizen.get(page("take", HALL)))
    said = {"name": "演示甲", "phone": "19900000001", "once_key": ONCE}
    answer = citizen.post(page("take", HALL), said)
    mine = TicketRow.objects.get(visitor=hall.citizen)
    assert answer.url == page("ticket", mine.page_key)
    assert citizen.post(page("take", HALL), said).url == answer.url
    assert (mine.number, mine.channel, mine.name) == ("A002", "online", "演示甲")

    refused = text(citizen.post(page("take", HALL), {"once_key": ONCE + "2"}), 409)
    assert "这一天您已经有 1 个号在排队" in refused
    assert "A002" in text(citizen.get(page("hall", HALL)))
    assert "A002" not in text(Client().get(page("hall", HALL))).replace("<li>A002</li>", "")


def test_the_page_of_a_number_says_how_many_go_before_and_not_who(hall):
    give(hall)
    mine = give(hall, name="演示甲", phone="19900000001")
    for name in ("ticket", "ticket-now"):
        shown = text(Client().get(page(name, mine.page_key)))
        assert "前面还有 <b>1</b> 人" in shown
        assert "演示甲" not in shown
        assert "19900000001" not in shown
    assert 'class="qr"' in text(Client().get(page("ticket", mine.page_key)))
    call(hall)
    call(hall, OTHER)
    assert "<b>8 号综合窗口</b>" in text(Client().get(page("ticket", mine.page_key)))
    assert Client().get(page("ticket", "unknown")).status_code == 404


def test_whoever_has_the_page_gives_the_number_back_once(hall):
    mine = give(hall)
    answer = Client().post(page("cancel", mine.page_key), {"once_key": ONCE})
    assert answer.url == page("ticket", mine.page_key)
    shown = text(Client().get(answer.url))
    assert "已取消" in shown
    assert "hx-get" not in shown
    again = Client().post(page("cancel", mine.page_key), {"once_key": ONCE + "2"})
    assert "不能取消" in text(again, 409)


def test_a_number_that_was_skipped_says_what_to_do(hall):
    mine = give(hall)
    call(hall)
    actions.skip(hall=HALL, window=ONE, by=hall.clerk, at=timezone.localtime())
    assert "请到任一窗口说一声" in text(Client().get(page("ticket", mine.page_key)))


def _first_slot(client, query=""):
    shown = text(client.get(page("book", HALL) + query))
    return re.search(r'name="slot" value="([^"]+)"', shown)[1]


def test_a_quarter_hour_is_booked_online(hall):
    citizen = signed_in(hall.citizen)
    day = re.findall(r'href="\?day=([\d-]+)"', text(citizen.get(page("book", HALL))))[1]
    query = f"?day={day}"
    slot = _first_slot(citizen, query)
    assert slot == f"{day}T00:00:00+08:00"
    answer = citizen.post(page("book", HALL) + query, {"slot": slot, "once_key": ONCE})
    mine = TicketRow.objects.get(visitor=hall.citizen)
    assert answer.url == page("ticket", mine.page_key)
    assert (mine.number, timezone.localtime(mine.moment).isoformat()) == ("B001", slot)
    assert "预约时间" in text(citizen.get(answer.url))

    neighbour = signed_in(hall.neighbour)
    assert _first_slot(neighbour, query) == f"{day}T00:15:00+08:00"
    taken = neighbour.post(page("book", HALL) + query, {"slot": slot})
    assert taken.status_code == 422
    assert TicketRow.objects.filter(booked=True).count() == 1


def test_the_front_page_the_menu_and_an_item_lead_to_a_number(hall):
    front = text(Client().get(reverse("portal:home")))
    assert front.count(f'href="{page("halls")}"') >= 2
    guide = text(Client().get(reverse("portal:guide", args=[ITEM])))
    assert f'href="{page("halls")}?item={ITEM}"' in guide
    assert page("screen", HALL) in text(Client().get(page("halls")))


# ── What somebody comes for ─────────────────────────────────────────────────


def test_an_item_leads_to_the_halls_that_serve_it(hall):
    shown = text(Client().get(page("halls"), {"item": ITEM}))
    assert "下面的大厅有窗口办理" in shown
    assert f"{page('take', HALL)}?item={ITEM}" in shown
    nowhere = (WindowServes(window=ONE, topics=("x",)), WindowServes(window=OTHER, topics=("x",)))
    words.rearrange(hall, serving=nowhere)
    assert "还没有窗口办理这个事项" in text(Client().get(page("halls"), {"item": ITEM}))


def test_items_are_found_chosen_and_what_to_bring_is_listed(hall):
    citizen = signed_in(hall.citizen)
    found = text(citizen.get(page("take", HALL), {"find": COMPLETE.name}))
    assert f'href="?item={ITEM}"' in found
    chosen = text(citizen.get(page("take", HALL), {"item": [ITEM, "nonsense"]}))
    assert re.search(rf'name="items" value="{ITEM}"[^>]*checked', chosen)
    answer = citizen.post(page("take", HALL), {"items": [ITEM], "once_key": ONCE})
    assert TicketRow.objects.get().purposes[0]["item"] == ITEM
    shown = text(Client().get(answer.url))
    assert COMPLETE.materials[0].name in shown


def test_the_clerk_sees_what_somebody_comes_for_and_prints_what_is_missing(hall):
    clerk = signed_in(hall.clerk)
    clerk.post(page("take-at-window", ONE) + f"?item={ITEM}", {"items": [ITEM]})
    clerk.post(page("act", ONE, "call"))
    material = COMPLETE.materials[0]
    field = f"{ITEM}-{material.key}"
    shown = text(clerk.get(page("at-window", ONE)))
    assert f'name="lack-{field}"' in shown
    assert "没有签字或盖章" in shown
    said = {f"lack-{field}": "yes", f"why-{field}": "没有签字或盖章"}
    slip = text(clerk.post(page("slip", ONE), said))
    assert f"<b>{material.name}</b><br>没有签字或盖章" in slip
    assert "材料齐了" in text(clerk.post(page("slip", ONE)))
    assert clerk.post(page("slip", OTHER)).status_code == 404


# ── Breaks and closed days ──────────────────────────────────────────────────


def test_in_a_break_everybody_is_told_when_it_goes_on(hall, monkeypatch):
    words.rearrange(hall, breaks=(HallBreak(begins=12 * 60, ends=13 * 60 + 30),))
    noon = timezone.localtime().replace(hour=12, minute=10)
    monkeypatch.setattr(timezone, "localtime", lambda *_: noon)
    for name in ("halls", "hall", "screen", "screen-now"):
        shown = text(Client().get(page(name, *([] if name == "halls" else [HALL]))))
        assert "休息中，13:30 继续取号" in shown
    answer = signed_in(hall.citizen).post(page("take", HALL), {"once_key": ONCE})
    assert "现在是休息时间，13:30 继续取号。" in text(answer, 409)


def test_whoever_booked_a_day_that_is_closed_since_is_told(hall):
    citizen = signed_in(hall.citizen)
    day = re.findall(r'href="\?day=([\d-]+)"', text(citizen.get(page("book", HALL))))[1]
    slot = _first_slot(citizen, f"?day={day}")
    answer = citizen.post(page("book", HALL) + f"?day={day}", {"slot": slot, "once_key": ONCE})
    words.rearrange(hall, closed=(ClosedDay(day=date.fromisoformat(day), reason="内部培训"),))
    assert "大厅这一天停办（内部培训）" in text(citizen.get(answer.url))
    assert f"day={day}" not in text(citizen.get(page("book", HALL)))
    assert "内部培训" in text(Client().get(page("hall", HALL)))


# ── At the window ───────────────────────────────────────────────────────────


def test_a_clerk_is_led_to_the_panel_of_their_own_window(hall):
    assert signed_in(hall.clerk).get(page("panel")).url == page("at-window", ONE)
    assert signed_in(hall.clerk).get(page("at-window", OTHER)).status_code == 404
    assert signed_in(hall.reviewer).get(page("at-window", ONE)).status_code == 403
    assert signed_in(hall.citizen).get(page("panel")).status_code == 403


@pytest.mark.parametrize("name", ["line", "take-at-window"])
def test_no_other_windows_line_is_seen(hall, name):
    assert signed_in(hall.clerk).get(page(name, OTHER)).status_code == 404


@pytest.mark.parametrize("name", ["again", "transfer"])
def test_nothing_is_done_at_another_window(hall, name):
    assert signed_in(hall.clerk).post(page(name, OTHER)).status_code == 404


def test_a_clerk_calls_calls_once_more_and_finishes(hall):
    give(hall, name="演示甲")
    clerk = signed_in(hall.clerk)
    assert "叫下一位" in text(clerk.get(page("at-window", ONE)))
    assert clerk.post(page("act", ONE, "call"), {"once_key": ONCE}).url == page("at-window", ONE)
    shown = text(clerk.get(page("at-window", ONE)))
    assert "A001" in shown
    assert "演示甲" in shown
    assert clerk.post(page("act", ONE, "recall"), {"once_key": ONCE}).status_code == 302
    assert "已叫 2 次" in text(clerk.get(page("at-window", ONE)))
    busy = text(clerk.post(page("act", ONE, "call"), {"once_key": ONCE + "2"}), 409)
    assert "本窗口正在办理 A001" in busy
    assert clerk.post(page("act", ONE, "finish"), {"once_key": ONCE}).status_code == 302
    assert TicketRow.objects.get().stage == "finished"
    assert "现在没有人在等候" in text(clerk.post(page("act", ONE, "call")), 409)
    assert clerk.post(page("act", ONE, "nonsense")).status_code == 404
    assert clerk.post(page("act", OTHER, "call")).status_code == 404


def test_a_clerk_skips_and_another_calls_again(hall):
    give(hall)
    clerk, other = signed_in(hall.clerk), signed_in(hall.other)
    clerk.post(page("act", ONE, "call"))
    clerk.post(page("act", ONE, "skip"))
    assert "已过号" in text(other.get(page("at-window", OTHER)))
    answer = other.post(page("again", OTHER), {"number": "A001", "once_key": ONCE})
    assert answer.url == page("at-window", OTHER)
    assert TicketRow.objects.get().window == OTHER
    assert "今天没有这个号" in text(clerk.post(page("again", ONE), {"number": "A9"}), 409)


def test_a_clerk_sends_a_number_on(hall):
    give(hall)
    clerk, other = signed_in(hall.clerk), signed_in(hall.other)
    clerk.post(page("act", ONE, "call"))
    assert "请选另一个窗口" in text(clerk.post(page("transfer", ONE), {"to": ONE}), 409)
    assert clerk.post(page("transfer", ONE), {"to": OTHER, "once_key": ONCE}).status_code == 302
    assert "在等8 号综合窗口" in text(clerk.get(page("at-window", ONE)))
    assert "A001" in text(other.get(page("line", OTHER)))


def test_a_clerk_gives_a_number_to_who_stands_there(hall):
    clerk = signed_in(hall.clerk)
    assert "现场取号" in text(clerk.get(page("take-at-window", ONE)))
    answer = clerk.post(page("take-at-window", ONE), {"once_key": ONCE})
    given = TicketRow.objects.get()
    assert answer.url == page("ticket", given.page_key)
    assert (given.channel, given.visitor) == ("counter", "")
    long = clerk.post(page("take-at-window", ONE), {"name": "长" * 41})
    assert long.status_code == 422


def test_a_clerk_without_a_calling_window_is_told_so(hall):
    only = words.rearrange(hall, windows=(OTHER,))
    assert "您没有参加叫号的窗口" in text(signed_in(only.clerk).get(page("panel")))


# ── Arranging ───────────────────────────────────────────────────────────────


def test_a_manager_arranges_the_hall(hall):
    manager = signed_in(hall.manager)
    assert "已开放取号" in text(manager.get(page("desk")))
    shown = text(manager.get(page("arrange", HALL)))
    assert 'value="演示大厅"' in shown
    said = {
        "name": "演示大厅",
        "windows": [ONE],
        "opens": "540",
        "closes": "1020",
        "breaks": "12:00-13:30\n",
        "closed": "2026-12-01 内部培训",
        "seats": "4",
        "days_ahead": "14",
        "per_person": "2",
        "once_key": ONCE,
    }
    assert manager.post(page("arrange", HALL), said).url == page("hall", HALL)
    shown = text(manager.get(page("hall", HALL)))
    assert "09:00-17:00 · 工作日" in shown
    assert "12:00-13:30" in shown
    assert "12:00-13:30" in text(manager.get(page("arrange", HALL)))
    for wrong in ({"breaks": "noon"}, {"closed": "tomorrow"}):
        assert manager.post(page("arrange", HALL), {**said, **wrong}).status_code == 422
    same = text(manager.post(page("arrange", HALL), {**said, "once_key": ONCE + "2"}), 409)
    assert "没有需要记下的变化" in same
    assert manager.post(page("arrange", HALL), {**said, "seats": "x"}).status_code == 422
    assert manager.get(page("arrange", "market")).status_code == 404
    assert signed_in(hall.clerk).get(page("desk")).status_code == 403


def test_a_manager_says_what_a_window_serves(hall):
    manager = signed_in(hall.manager)
    place = page("serving", HALL, ONE)
    assert place in text(manager.get(page("arrange", HALL)))
    topic = COMPLETE.topics[0]
    assert f'value="{topic}"' in text(manager.get(place))
    said = {"topics": [topic], "items": [ITEM], "once_key": ONCE}
    assert manager.post(place + f"?item={ITEM}", said).url == page("arrange", HALL)
    served = WindowServes(window=ONE, topics=(topic,), items=(ITEM,))
    assert queries.rules_of(queries.hall(HALL)).serving == (served,)
    assert COMPLETE.name in text(Client().get(page("hall", HALL)))

    again = text(manager.get(place))
    assert re.search(rf'name="items" value="{ITEM}"[^>]*checked', again)
    assert manager.post(place, {"once_key": ONCE + "2"}).status_code == 302
    assert queries.rules_of(queries.hall(HALL)).serving == ()
    assert manager.get(page("serving", HALL, "nowhere")).status_code == 404
    assert signed_in(hall.clerk).get(place).status_code == 403
