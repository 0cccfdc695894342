"""What the verifier says, in Chinese and in English (核验用语)."""

from collections.abc import Callable

WORDS = {
    "receipt-valid": (
        "有效：这条记录确在日志中，日志由所给公钥签名。",
        "Valid: this record is in the log, and the log signed with the key given.",
    ),
    "log-valid": (
        "有效：日志完整，每个字节都与签名的根相符。",
        "Valid: the log is complete and every byte agrees with the signed root.",
    ),
    "paper-valid": (
        "有效：这份文件就是日志中签发的那一份，一字不差。",
        "Valid: this file is, byte for byte, the one whose issue is in the log.",
    ),
    "refused": ("不予认可：", "Refused: "),
    "log": ("日志", "Log"),
    "index": ("序号（从 0 起）", "Index (from 0)"),
    "size": ("日志条数", "Entries in the log"),
    "root": ("根散列", "Root hash"),
    "kind": ("记录种类", "Kind of entry"),
    "paper": ("文书", "Paper"),
    "issued": ("签发时间", "Issued"),
    "seal": ("印章编码", "Number of the seal"),
    "certificate": ("印章证书指纹", "Fingerprint of its certificate"),
    "letter": ("授权书", "Under the letter"),
    "test-seal": (
        "测试印章，无法律效力。",
        "A test seal: without legal force.",
    ),
    "paper-unchecked": (
        "没有核对：PDF 里的印章本身（可用 pdfsig），以及证照今天是否有效（请问签发机关）。",
        "Not checked: the seal inside the PDF (pdfsig does), and whether a licence is in force"
        " today (ask who issued it).",
    ),
    "not-issued": (
        "不是文书签发（paper.issued.v1）的回执，而是 {kind}",
        "a receipt of {kind}, not of a paper that was issued (paper.issued.v1)",
    ),
    "other-size": (
        "不是签发的那份文件：应为 {due} 字节，实为 {found} 字节",
        "not the file that was issued: {found} bytes where {due} are due",
    ),
    "other-file": (
        "不是签发的那份文件：它的 {name} 为 {found}",
        "not the file that was issued: its {name} is {found}",
    ),
    "fields": ("公开内容", "Public fields"),
    "opened": ("已出示的封存内容", "Sealed fields shown"),
    "withheld": ("未出示的封存内容（只有摘要）", "Sealed fields withheld (digests only)"),
    "entry-bytes": ("记录（不是 JSON）", "Entry (not JSON)"),
    "witnesses": ("见证签名", "Cosignatures"),
    "no-witness": (
        "没有核对见证签名：须以 --policy 指明见证人",
        "none checked: name the witnesses with --policy",
    ),
    "unchecked": ("未核对的签名行（公钥未知）", "Signature lines not checked (unknown keys)"),
    "remarks": ("不属于日志的文件（未核对）", "Files that are no part of the log (not checked)"),
    "form": ("格式有误：{detail}", "malformed: {detail}"),
    "signature": ("签名不成立：{detail}", "signature does not hold: {detail}"),
    "quorum": ("见证签名不足", "too few cosignatures for the policy"),
    "inclusion": (
        "记录（leaf）、序号（index）或路径（hashes）与签名的根不符",
        "leaf, index or path hashes do not give the signed root",
    ),
    "no-entry": (
        "没有 extra 行，不知所证何物",
        "there is no extra line, so it is unknown what is proved",
    ),
    "disclosure": (
        "“{name}”的摘要不在记录的 _sd 中",
        "the digest of {name!r} is not among the entry's _sd",
    ),
    "disclosure-twice": ("“{name}”出示了两次", "{name!r} is shown twice"),
    "missing": ("文件缺失", "file is missing"),
    "unreadable": ("无法读取：{detail}", "cannot be read: {detail}"),
    "wrong-root": (
        "所有记录得出的根与签名的根不符",
        "the entries do not give the signed root",
    ),
    "wrong-bytes": ("自第 {byte} 字节起不符", "differs from byte {byte} on"),
    "wrong-length": ("应为 {due} 字节，实为 {found} 字节", "{found} bytes where {due} are due"),
    "wrong-entry": (
        "第 {index} 条记录（本文件第 {byte} 字节起）不符",
        "entry {index}, from byte {byte} of this file, is not the one that was logged",
    ),
    "wrong-file": (
        "与上层散列不符，下层也不能还原",
        "does not give the hash above it, nor does what lies below",
    ),
    "surplus": ("多余的文件", "surplus file"),
    "findings": ("共 {count} 处不符", "places that differ: {count}"),
    "nothing": ("（无）", "(none)"),
    "progress": ("已核对 {done} / {total} 条", "{done} of {total} entries checked"),
}

Say = Callable[..., str]


def speaker(language: str) -> Say:
    """Return the function that words a code in "zh" or "en"."""
    place = ("zh", "en").index(language)

    def say(code: str, **details: object) -> str:
        return WORDS[code][place].format(**details)

    return say


def plain(value: object) -> str:
    """Return a value on one line, with nothing a terminal would obey."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))


class Refused(Exception):
    """What was given is not valid: where (file, member) and which of the codes above."""

    def __init__(self, where: str, code: str, **details: object) -> None:
        super().__init__(where, code)
        self.where, self.code, self.details = where, code, details

    def word(self, say: Say) -> str:
        return plain(f"{self.where}: {say(self.code, **self.details)}")
