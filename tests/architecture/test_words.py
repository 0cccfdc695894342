"""What the code may not say: names of places, work left for later, words untranslated."""

import io
import re
import subprocess
import sys
import tokenize

import pytest

from tests.architecture.sources import ENVIRONMENT, ROOT, SOURCE, files

PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东"
    "|海南|四川|贵州|云南|陕西|甘肃|青海|台湾省|内蒙古|广西|西藏|宁夏|新疆|明州|云岭"
    "|beijing|tianjin|shanghai|chongqing|hebei|shanxi|liaoning|jilin|heilongjiang|jiangsu|zhejiang"
    "|anhui|fujian|jiangxi|shandong|henan|hubei|hunan|guangdong|hainan|sichuan|guizhou|yunnan"
    "|shaanxi|gansu|qinghai|guangxi|tibet|ningxia|xinjiang|mingzhou"
)
PLACE = re.compile(PLACES, re.IGNORECASE)
# Not places: the time zone has a city in its name; these are names of documents and people.
NOT_PLACES = re.compile("Asia/Shanghai|台湾居民|Taiwan", re.IGNORECASE)
# Made-up places live in the demonstration; a list format is named after who publishes it.
NAMED_PLACES = (SOURCE / "config" / "demo", SOURCE / "config" / "importing")
LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def _without_comments(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(t.string for t in tokens if t.type != tokenize.COMMENT)


def test_no_code_knows_one_province_from_another():
    """Differences between platforms are data, published and versioned; never an `if`."""
    found = []
    for path in [p for kind in ("*.py", "*.html", "*.js", "*.css") for p in files(kind)]:
        if any(path.is_relative_to(named) for named in NAMED_PLACES):
            continue
        text = NOT_PLACES.sub("", _without_comments(path))
        found += [f"{path.relative_to(ROOT)}: {match}" for match in PLACE.findall(text)]
    assert found == []


@pytest.mark.parametrize("folder", ["src", "tests", "script", "docs", "deploy", "benchmarks"])
def test_nothing_is_left_for_later(folder):
    kinds = (".py", ".html", ".js", ".css", ".md", ".toml", "")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files("*", under=ROOT / folder)
        if path.is_file() and path.suffix in kinds
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LATER.search(line)
    ]
    assert found == []


def test_every_word_of_the_pages_is_translated():
    run = subprocess.run(
        [sys.executable, "script/translate", "--check"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (run.returncode, run.stdout[-2000:]) == (0, run.stdout[-2000:])
