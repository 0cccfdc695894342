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
    "auction-valid": (
        "有效：竞价的每一步都在日志中，依规则复算，结果一致。",
        "Valid: every step of the auction is in the log, and the rules give the same result.",
    ),
    "need-valid": (
        "有效：种子和报名都与事先公布的摘要相符，按公式复算，选中的是同一家。",
        "Valid: seed and sign-ups are those bound before, and the formula chooses the same body.",
    ),
    "need": ("采购", "Need"),
    "way": ("选取方式", "Way of choosing"),
    "sign-ups": ("报名（家）", "Bodies that signed up"),
    "chosen": ("选中", "Chosen"),
    "nobody": ("无", "nobody"),
    "need-not-there": ("日志里没有这份采购公告", "the log holds no such need"),
    "need-direct": (
        "直接选取，没有可以复算的",
        "named directly: there is nothing to work out anew",
    ),
    "need-not-opened": ("还没有开启", "it has not been opened yet"),
    "need-not-decided": ("还没有选定", "nobody has been chosen yet"),
    "need-opened-early": (
        "在报名截止以前开启，或者开启了两次",
        "opened before the time to sign up was over, or twice",
    ),
    "need-other-seed": (
        "种子与公告里的摘要不符",
        "the seed is not the one whose digest stands in the notice",
    ),
    "need-other-count": (
        "报名 {due} 家，公开的却是 {found} 家",
        "{due} signed up, and {found} were published",
    ),
    "need-other-sign-up": (
        "公开的机构、报价或者随机字符与报名时的摘要不符",
        "body, price or nonce are not those the sign-up's digest binds",
    ),
    "need-late-sign-up": (
        "报名晚于截止时间或者开启",
        "signed up after the deadline, or after the opening",
    ),
    "need-late-withdrawal": (
        "撤回晚于截止时间或者开启",
        "withdrawn after the deadline, or after the opening",
    ),
    "need-other-withdrawal": (
        "撤回的不是先前的一份报名，或者撤回了两次",
        "what is withdrawn is no sign-up before it, or was withdrawn already",
    ),
    "need-other-choice": (
        "按公式应选中“{due}”，记录的却是 {found}",
        "the formula chooses {due}, and the record says {found}",
    ),
    "ratings-valid": (
        "有效：评价的每个公布数都能从日志复算出来。",
        "Valid: the log gives every number published of ratings.",
    ),
    "ballots": ("发放的评价凭证", "Ballots issued"),
    "ratings-given": ("收到的评价", "Ratings given"),
    "ratings-counted": ("已公布的评价", "Ratings counted"),
    "ratings-waiting": ("待公布的评价", "Ratings waiting"),
    "tallies": ("公布批次", "Tallies"),
    "more-ratings-than-ballots": (
        "评价多于凭证",
        "more ratings than ballots so far",
    ),
    "rating-given-twice": ("同一份评价出现两次", "a rating that was given already"),
    "not-given": (
        "计入了日志里没有的评价",
        "counts a rating that the log does not have",
    ),
    "counted-twice": ("计入了已经计过的评价", "counts a rating that was counted already"),
    "sums-differ": (
        "各等级份数之和与计入的评价数不符",
        "its numbers are not as many as the ratings it counts",
    ),
    "too-few": ("有一组不足 5 份", "a group of fewer than five"),
    "rating-form": ("不是评价记录应有的样子", "not what an entry about ratings must be"),
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
    "lot": ("标的", "Lot"),
    "procedure": ("交易规程（代码、版本）", "Procedure (code, version)"),
    "entries-checked": ("已核对的记录", "Entries checked"),
    "bids": ("有效报价（次）", "Valid bids"),
    "extensions": ("延时（次）", "Extensions"),
    "ended": ("竞价结束", "Bidding ended"),
    "verdict": ("结果", "Outcome"),
    "verdict-sold": ("成交", "sold"),
    "verdict-no-bids": ("流拍：无人报价", "not sold: no bids"),
    "verdict-below-reserve": ("流拍：未达底价", "not sold: below the reserve"),
    "verdict-too-few": ("流拍：竞买人不足", "not sold: too few bidders"),
    "stopped": ("结果: 终止，没有成交", "Outcome: stopped, not sold"),
    "winner": ("竞得号牌", "Winning paddle"),
    "reserve": ("底价", "Reserve"),
    "yuan": ("元", "yuan"),
    "deposits-arrived": ("保证金到账", "Deposits that arrived"),
    "deposits-refunded": ("其中已退还", "  paid back"),
    "deposits-forfeited": ("其中不予退还", "  forfeited"),
    "deposits-transferred": ("其中转作价款或划付", "  gone into the price or paid over"),
    "deposits-here": ("其中尚未退还", "  still here"),
    "payments-late": (
        "逾期退还或转付 {count} 笔（记录无误，但晚于应付时间）",
        "Paid later than it was due: {count} (the record is right, the payment was late)",
    ),
    "auction-unchecked": (
        "没有核对：号牌背后是谁；主持和经办是否有权；另有没有未收入本文件的密封报价（报价人凭回执可查）。",
        "Not checked: who stands behind a paddle; what office hosts and officers held; whether"
        " there was a sealed offer that is not in this file (its bidder has the receipt).",
    ),
    "not-in-sequence": (
        "在其序列中应为第 {due} 条，实为第 {found} 条：有缺失或多余",
        "number {found} of its stream where {due} is due: something is missing or too much",
    ),
    "time-goes-back": (
        "时间早于前一条（{last}）",
        "dated before the entry before it ({last})",
    ),
    "not-shown": ("封存的“{name}”没有出示", "the sealed field {name!r} is not shown"),
    "stream-missing": ("没有这个标的的记录", "there are no entries of this lot"),
    "not-closed": ("竞价尚未结束", "the auction is not over"),
    "other-stream": ("不属于这场竞价：{kind}", "no part of this auction: {kind}"),
    "rule-broken": ("不合规则：{rule}", "against the rules: {rule}"),
    "other-events": (
        "依规则应记 {due}，实记 {found}",
        "the rules give {due}, the log has {found}",
    ),
    "not-as-ruled": (
        "“{name}”依规则应为 {due}，实为 {found}",
        "{name} is {found}, the rules give {due}",
    ),
    "without-act": ("没有相应的报价或声明：{kind}", "no bid or declaration goes with it: {kind}"),
    "outage-missing": (
        "没有中断“{outage}”的记录",
        "there is no entry of the interruption {outage!r}",
    ),
    "paddle-unknown": (
        "号牌 {paddle} 没有获准参加竞买的报名",
        "no admitted application holds paddle {paddle}",
    ),
    "paddle-twice": ("号牌 {paddle} 发给了两份报名", "paddle {paddle} was given to two"),
    "other-key": (
        "号牌 {paddle} 的公钥不是其报名所登记的",
        "the key of paddle {paddle} is not the one of its application",
    ),
    "other-rank": (
        "号牌 {paddle} 的优先顺位应为 {due}，实为 {found}",
        "the rank of paddle {paddle} is {found} where {due} is due",
    ),
    "not-paid": (
        "号牌 {paddle} 的保证金没有按时足额入账",
        "the deposit of paddle {paddle} was not booked in time and in full",
    ),
    "bid-signature": (
        "号牌 {paddle} 的签名不成立",
        "the signature of paddle {paddle} does not hold",
    ),
    "other-winner": ("竞得号牌应为 {due}，实为 {found}", "won by {found}, the rules give {due}"),
    "other-price": (
        "号牌 {paddle} 的成交价应为 {due} 分，实为 {found} 分",
        "paddle {paddle} pays {found} fen, the rules give {due}",
    ),
    "other-quantity": (
        "号牌 {paddle} 的数量应为 {due}，实为 {found}",
        "paddle {paddle} gets {found}, the rules give {due}",
    ),
    "other-verdict": ("结果应为 {due}，实为 {found}", "it ended as {found}, the rules give {due}"),
    "other-reserve": (
        "底价应为 {due} 分，实为 {found} 分",
        "the reserve is {found} fen, not {due}",
    ),
    "other-draw": ("摇号应为 {due}，实为 {found}", "the draw is {found}, the rules give {due}"),
    "other-offers": (
        "打开的密封报价应为 {due}，实为 {found}",
        "sealed offers opened: {found}, due: {due}",
    ),
    "other-count": ("“{name}”应为 {due}，实为 {found}", "{name} is {found}, counted: {due}"),
    "other-extensions": (
        "延时应为 {due} 次，实为 {found} 次",
        "{found} extensions, counted: {due}",
    ),
    "other-end": (
        "竞价结束应为 {due}，实为 {found}",
        "it ended at {found}, the rules give {due}",
    ),
    "transfer-unfounded": (
        "号牌“{paddle}”没有竞得，其保证金却转出了",
        "the deposit of paddle {paddle!r}, which did not win, went into the price",
    ),
    "forfeit-unfounded": (
        "号牌“{paddle}”没有悔拍或被取消资格，其保证金却没有退还",
        "the deposit of paddle {paddle!r} is forfeited without a default or a bar",
    ),
    "refund-incomplete": (
        "号牌“{paddle}”的保证金没有退足：还差 {left} 分",
        "the deposit of paddle {paddle!r} was not paid back in full: {left} fen are left",
    ),
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
