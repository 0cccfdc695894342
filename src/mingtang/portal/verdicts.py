"""A finding in the reader's words (核验结论用语): the heading, and a line for each question."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.core import seals
from mingtang.core.wire import ERASED
from mingtang.portal.asking import CODE_LENGTH, Wrong
from mingtang.portal.checking import GOOD, Finding, Original, Sealed, Standing, Today
from mingtang.ui.formats import civil_date

Line = dict[str, Any]

# Lamp; short, as in a heading; what it means.
ORIGINALS = {
    Original.SAME: (
        "good",
        gettext_lazy("原件完整"),
        gettext_lazy("与签发的那份文件一字不差。"),
    ),
    Original.UNSEEN: (
        "idle",
        gettext_lazy("确有记录"),
        gettext_lazy(
            "这里查的是记录，没有看到您手里的文件。请比对纸面与下面的内容；有 PDF 的，"
            "可以在本页接着核对原件。"
        ),
    ),
    Original.UNKNOWN: ("warn", gettext_lazy("没有查到"), ""),
    Original.NOT_A_PDF: (
        "bad",
        gettext_lazy("不是 PDF 文件"),
        gettext_lazy("文书和证照都是 PDF。照片、扫描件、截图和压缩包核对不了，请找原来那份文件。"),
    ),
    Original.NOT_SEALED: (
        "bad",
        gettext_lazy("没有电子印章"),
        gettext_lazy(
            "这份 PDF 里没有电子印章。看得见的印章图案不算数；打印后再扫描、另存为新的 "
            "PDF，印章都会丢失。"
        ),
    ),
    Original.ALTERED: (
        "bad",
        gettext_lazy("已被改动"),
        gettext_lazy(
            "盖章以后，文件里的内容被改动过，或者在传送中损坏了。它不是当初盖章的那份文件。"
        ),
    ),
    Original.APPENDED: (
        "bad",
        gettext_lazy("盖章后被添加了内容"),
        gettext_lazy(
            "印章没有盖住整个文件：盖章以后有人在后面添加了内容，例如批注、页面或者另一个签名。"
            "添上的部分谁也没有盖章。"
        ),
    ),
    Original.STRANGER: (
        "bad",
        gettext_lazy("印章来历不明"),
        gettext_lazy(
            "文件上有电子印章，但签发印章证书的机构不在本平台认可之列。这种证书谁都可以自己做。"
        ),
    ),
    Original.OTHER_SEAL: (
        "bad",
        gettext_lazy("不是本平台签发"),
        gettext_lazy(
            "印章证书出自本平台认可的机构，但不是本平台各部门的印章。请到它自己的平台核验。"
        ),
    ),
    Original.NOT_ISSUED: (
        "bad",
        gettext_lazy("盖过章，但从未签发"),
        gettext_lazy(
            "印章是真的，但账本里没有签发这份文件的记录。没有签发的文书不生效；请把它交给签发机关"
            "查明来历。"
        ),
    ),
}
STANDINGS = {
    Standing.ISSUED: ("good", gettext_lazy("已经签发")),
    Standing.VALID: ("good", gettext_lazy("今天有效")),
    Standing.SUSPENDED: ("paused", gettext_lazy("证照已暂停")),
    Standing.REVOKED: ("bad", gettext_lazy("证照已撤销")),
    Standing.CANCELLED: ("bad", gettext_lazy("证照已注销")),
    Standing.EXPIRED: ("bad", gettext_lazy("证照已过期")),
    Standing.REPLACED: ("bad", gettext_lazy("证照已换发")),
}
SEALS = {
    seals.Standing.ACTIVE: gettext_lazy("印章现在照常使用。"),
    seals.Standing.SUSPENDED: gettext_lazy("印章已经停用；停用以前盖的章仍然算数。"),
    seals.Standing.DESTROYED: gettext_lazy("印章已经销毁；销毁以前盖的章仍然算数。"),
}
WRONGS = {
    Wrong.NOTHING: gettext_lazy("请输入纸面上的核验码，或者证照标识。"),
    Wrong.CHECK_SIGN: gettext_lazy(
        "证照标识的校验码不对：最后一位与前面的数字、字母对不上，多半有一位看错或输错了。"
        "请对照纸面逐位核对。"
    ),
    Wrong.IDENTIFIER: gettext_lazy(
        "证照标识不完整：它由 10 段组成，段与段之间用点隔开，最后一段是一位校验码。"
    ),
    Wrong.LENGTH: gettext_lazy("不是核验码：核验码一共 %(length)d 位，印在二维码下面。"),
    Wrong.SIGNS: gettext_lazy(
        "不是核验码，也不是证照标识。核验码是 %(length)d 位数字和字母，证照标识以 1.2.156.3005.2 "
        "开头；办件编号、文号在这里查不了。"
    ),
}


def wrong(why: Wrong) -> str:
    """Return what is wrong with what was typed."""
    return str(WRONGS[why]) % {"length": CODE_LENGTH}


def heading(finding: Finding) -> str:
    """Return the finding in a few words, the worst part never left out."""
    first = str(ORIGINALS[finding.original][1])
    if finding.today is None:
        return first
    second = str(STANDINGS[finding.today.standing][1])
    if finding.today.standing in GOOD:
        return _("%(first)s，%(second)s") % {"first": first, "second": second}
    return _("%(first)s，但%(second)s") % {"first": first, "second": second}


def lines(finding: Finding) -> list[Line]:
    """Return the first answers in their order: is it intact, by whom sealed, valid today.

    Line: key, title, lamp, word (the answer in short), sentences.
    """
    answers: tuple[Callable[[Finding], Line | None], ...] = (_original, _seal, _today)
    return [line for answer in answers if (line := answer(finding))]


def _original(finding: Finding) -> Line | None:
    lamp, word, text = ORIGINALS[finding.original]
    if finding.original is Original.UNKNOWN:
        return None
    if finding.original is Original.UNSEEN:
        word = gettext_lazy("没有核对文件")
    return _line("original", _("原件"), lamp, word, [str(text)])


def _seal(finding: Finding) -> Line | None:
    sealed = finding.sealed
    if sealed is None:
        return None
    if sealed.seal is None:
        text = _("证书上写着“%(name)s”，没有经本平台核实。") % {"name": sealed.signer or "—"}
        return _line("seal", _("印章"), "bad", _("不是本平台的印章"), [text])
    lamp = "warn" if sealed.test else "good"
    words = [_("测试印章，无法律效力。")] if sealed.test else []
    return _line("seal", _("印章"), lamp, sealed.seal.organ_name, words + _seal_today(sealed))


def _seal_today(sealed: Sealed) -> list[str]:
    assert sealed.seal is not None
    text = str(SEALS[sealed.seal.standing])
    return [text, _since(sealed.changed)] if sealed.changed else [text]


def _today(finding: Finding) -> Line | None:
    today = finding.today
    if today is None:
        return None
    lamp, word = STANDINGS[today.standing]
    return _line("today", _("今天的效力"), lamp, word, _term(today))


def _term(today: Today) -> list[str]:
    sentences = []
    if today.standing is Standing.ISSUED:
        sentences.append(_("这是一份文书，说明一件事已经作出，本身没有有效期。"))
    if today.newer:
        sentences.append(_("这张证照已有更新的版本，请查看新的一张。"))
    elif today.standing is Standing.REPLACED:
        sentences.append(_("这张证照已由延续后的新证照代替，请查看新的一张。"))
    if today.since and today.standing is not Standing.EXPIRED:
        sentences.append(_since(today.since))
    if today.standing is not Standing.ISSUED:
        sentences.append(_validity(today))
    return sentences


def _validity(today: Today) -> str:
    begin, end = civil_date(today.valid_from), civil_date(today.valid_to)
    if not today.valid_to:
        return _("自 %(begin)s起长期有效。") % {"begin": begin}
    return _("有效期自 %(begin)s至 %(end)s。") % {"begin": begin, "end": end}


def _since(day: date | None) -> str:
    return _("自 %(day)s起如此。") % {"day": civil_date(day)}


def _line(key: str, title: str, lamp: str, word: object, sentences: list[str]) -> Line:
    return {
        "key": key,
        "title": title,
        "lamp": lamp,
        "word": str(word)[:1].upper() + str(word)[1:],
        "sentences": list(filter(None, sentences)),
    }


# ── What is printed, and what to do ─────────────────────────────────────────


def printed(finding: Finding) -> list[tuple[str, str]]:
    """Return (label, value) of what stands on the paper and may be shown here."""
    paper, today = finding.paper, finding.today
    if paper is None or today is None:
        return []
    notice = today.standing is Standing.ISSUED
    holder = _("受送达人") if notice else _("持证人")
    number = _("文号") if notice else _("编号")
    name = _("（已依法删除）") if paper.addressee == ERASED else paper.addressee
    facts = ((_("名称"), paper.title), (number, paper.number), (holder, name))
    return [(label, value) for label, value in facts if value]


def asked(question: Mapping[str, Any]) -> str:
    """Return what was asked about and is unknown, in a sentence."""
    if question.get("code"):
        return _("没有核验码为 %(code)s 的文书或证照。") % {"code": question["code"]}
    if "code" in question:
        return wrong(Wrong.LENGTH)
    if "identifier" in question:
        return _("没有证照标识为 %(identifier)s 的证照。") % {"identifier": question["identifier"]}
    if "digest" in question:
        return _("签发过的文书里没有这一份：文件只要改动一个字节，指纹就完全不同。")
    return ""


def advice(finding: Finding, question: Mapping[str, Any]) -> list[str]:
    """Return what to do now, the easiest first; nothing where all is well."""
    if finding.original is Original.UNKNOWN:
        return [
            *_look_again(question),
            _("核对无误仍查不到的，可能是伪造的。请向纸面上写的机关核实，不要凭它办事。"),
        ]
    if not finding.found:
        return [
            _("请向给您文件的人要签发时的那份 PDF，不要用打印后扫描的，也不要用另存的。"),
            _("手里还有纸质的，可以扫纸面上的二维码，看记录里是怎么写的。"),
            _("怀疑有人造假的，请带着文件向纸面上写的机关反映。"),
        ]
    if finding.original is Original.UNSEEN:
        return [_("请逐字比对纸面：名称、编号、姓名有一处不同，就不是这一份。")]
    return []


def _look_again(question: Mapping[str, Any]) -> list[str]:
    if "digest" in question:
        return [_("要知道文件哪里不对，请在下面选这份文件，传给本站完整核验。")]
    return [
        _("请对照纸面再输一遍，或者用手机扫二维码。核验码里不分数字 0 与字母 O、数字 1 与字母 I。"),
        _("有 PDF 的，请在下面核对原件。"),
    ]
