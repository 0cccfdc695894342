"""The first working-day calendar (初始工作日历): years as the State Council announced them.

Two libraries hold the announcements as data. `chinesecalendar` is followed for the years it
knows, except where a notice it left out says otherwise (CORRECTIONS). Later years come from the
forecast of `holidays`: public holidays by law, without bridge days and without make-up days,
because nobody knows those before the notice. They are provisional.
"""

from datetime import date, timedelta

import chinese_calendar
import holidays

from mingtang.core.worktime import CalendarYear

FIRST_OFFICIAL, LAST_OFFICIAL = 2004, max(chinese_calendar.holidays).year

# A notice about New Year speaks of the last days of the year before as well: the one about 2006
# (国办发明电〔2005〕35号) made Saturday 31 December 2005 a working day.
CORRECTIONS = {date(2005, 12, 31): True}  # day: whether it is worked

AMENDMENTS = {
    2015: "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    2019: "国务院办公厅关于调整2019年劳动节假期安排的通知",
    2020: "国务院办公厅关于延长2020年春节假期的通知",
}
FORECAST = "按《全国年节及纪念日放假办法》预测，待国务院办公厅通知"


def seed_years(first: int, last: int) -> list[CalendarYear]:
    """Return the years from `first` to `last`. Raises ValueError before 2004: nothing is known."""
    if first < FIRST_OFFICIAL:
        raise ValueError(f"no announced calendar is known before {FIRST_OFFICIAL}")
    return [
        _announced(year) if year <= LAST_OFFICIAL else _forecast(year)
        for year in range(first, last + 1)
    ]


def _announced(year: int) -> CalendarYear:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    notices = [f"国务院办公厅关于{year}年部分节假日安排的通知", AMENDMENTS.get(year, "")]
    return CalendarYear(
        year=year,
        official=True,
        off_days=tuple(day for day in days if not _worked(day) and _announced_off(day)),
        makeup_days=tuple(day for day in days if _worked(day) and day.weekday() >= 5),
        source="；".join(filter(None, notices)),
    )


def _worked(day: date) -> bool:
    announced: bool = chinese_calendar.is_workday(day)
    return CORRECTIONS.get(day, announced)


def _announced_off(day: date) -> bool:
    """A holiday by name, so that a weekend inside a holiday counts as one, others do not."""
    return chinese_calendar.get_holiday_detail(day)[1] is not None


def _forecast(year: int) -> CalendarYear:
    return CalendarYear(
        year=year,
        official=False,
        off_days=tuple(holidays.country_holidays("CN", years=year)),
        makeup_days=(),
        source=FORECAST,
    )
