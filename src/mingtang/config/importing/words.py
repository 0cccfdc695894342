"""Why a file or a row could not be taken, in both languages: a report goes to anybody."""

from collections.abc import Mapping

WORDS: dict[str, tuple[str, str]] = {
    # the whole file
    "import.cannot-open": ("打不开文件：{error}", "The file cannot be opened: {error}"),
    "import.directory": ("这是一个文件夹，不是文件", "This is a folder, not a file"),
    "import.empty": ("文件是空的，没有一行数据", "The file is empty: not one row"),
    "import.too-large": (
        "文件有 {size} 字节，超过 {limit} 字节，请分成几份",
        "The file has {size} bytes, more than {limit}; split it",
    ),
    "import.wrong-file": (
        "这是 {kind} 文件，不是表格；请另存为 CSV（UTF-8）、XLSX 或 JSON",
        "This is a {kind} file, not a table; save it as CSV (UTF-8), XLSX or JSON",
    ),
    "import.binary": (
        "第 {offset} 字节起不是文字，这不是 CSV 或 JSON",
        "From byte {offset} on this is not text, so neither CSV nor JSON",
    ),
    "import.encoding": (
        "不是完好的 {encoding}：第 {offset} 字节处断开，请重新导出",
        "Not sound {encoding}: it breaks at byte {offset}; export it again",
    ),
    "import.broken-json": (
        "JSON 在第 {line} 行第 {column} 列断开",
        "The JSON breaks at line {line}, column {column}",
    ),
    "import.unknown-columns": (
        "认不出这些列：{columns}；须有哪些列，见 docs/formats",
        "These columns are not known: {columns}; docs/formats says which are needed",
    ),
    "import.broken-gzip": (
        "压缩文件断开了，请重新导出",
        "The compressed file is broken; export it again",
    ),
    "log.broken-xes": (
        "XES 在第 {line} 行断开：{error}",
        "The XES breaks at line {line}: {error}",
    ),
    "log.no-log": ("这不是 XES：最外层不是 log", "Not XES: its outermost element is not log"),
    "log.map-broken": ("对照表不是完好的 TOML：{error}", "The map is not sound TOML: {error}"),
    "log.map-entry": (
        "对照表里的 {entry} 不能用：{value}",
        "{entry} in the map cannot be used: {value}",
    ),
    "log.map-missing": ("对照表里缺 {entry}", "The map lacks {entry}"),
    "log.columns-alike": (
        "文件里有不止一列写作：{columns}",
        "The file has more than one column written as: {columns}",
    ),
    "log.columns-missing": (
        "文件里没有对照表所写的列：{columns}",
        "The file does not have these columns of the map: {columns}",
    ),
    # one row
    "import.wrong-number-of-cells": (
        "有 {found} 格，表头有 {wanted} 格",
        "{found} cells where the heading has {wanted}",
    ),
    "import.broken-quotes": ("引号没有配对（{error}）", "Quotes do not pair up ({error})"),
    "import.broken-line": ("不是一个 JSON 对象", "Not a JSON object"),
    "import.not-text": ("{element} 不是可用的文字", "{element} is not usable text"),
    "import.not-a-division": (
        "{element}：不是行政区划代码：{value}",
        "{element}: not a division code: {value}",
    ),
    "import.not-a-number": ("{element} 不是整数：{value}", "{element} is no whole number: {value}"),
    "import.not-yes-or-no": (
        "{element} 不是“是”或“否”：{value}",
        "{element} is neither yes nor no: {value}",
    ),
    "import.unknown-word": (
        "{element} 的取值不认识：{value}",
        "{element} has an unknown value: {value}",
    ),
    "import.needs-json": ("{element} 须写成 JSON", "{element} has to be JSON"),
    "import.broken-json-cell": ("{element} 里的 JSON 断开了", "The JSON in {element} is broken"),
    "import.other-shape": (
        "{element} 里的 JSON 不是规定的样子",
        "The JSON in {element} has another shape",
    ),
    "import.element-missing": ("没有 {element}", "{element} is missing"),
    "import.same-code": (
        "编码与第 {first} 行相同，内容不同",
        "Same code as row {first}, other content",
    ),
    "import.department-unknown": (
        "没有登记实施主体“{name}”，也没有给出它的代码",
        "The department {name} is not registered and no code is given for it",
    ),
    "item.code-missing": ("没有事项编码", "The item has no code"),
    "item.name-missing": ("没有事项名称", "The item has no name"),
    "item.department-missing": ("没有实施主体", "The item has no department"),
    "item.too-long": ("{element} 超过 {limit} 个字", "{element} is longer than {limit} characters"),
    "item.out-of-range": (
        "{element} 须在 0 到 9,999 之间",
        "{element} must be between 0 and 9,999",
    ),
    "item.code-changed": ("编码变了", "The code has changed"),
    # notices of other platforms
    "notice.amount-shape": (
        "不是一个确定的金额，只照录原文：{value}",
        "Not one certain amount; only its words are kept: {value}",
    ),
    "notice.amount-term": (
        "像是出让年限，不是价格，只照录原文：{value}",
        "This looks like a term in years, not a price; only its words are kept: {value}",
    ),
    "notice.amount-unit": (
        "没有写单位（元、万元），只照录原文：{value}",
        "No unit (元 or 万元) is written; only its words are kept: {value}",
    ),
    "notice.category-unknown": ("交易类别不认识：{value}", "Unknown category: {value}"),
    "notice.code-shape": ("不是行政区划代码：{value}", "Not a division code: {value}"),
    "notice.element-missing": ("没有 {element}", "{element} is missing"),
    "notice.kind-unknown": ("公告种类不认识：{value}", "Unknown kind of notice: {value}"),
    "notice.not-a-date": ("不是一个日期：{value}", "Not a date: {value}"),
    "notice.not-a-name": (
        "不只是一个名称，照录原文、不作名称用：{value}",
        "Not just a name; kept as written, not used as one: {value}",
    ),
    "notice.price-missing": ("成交而没有价格", "Sold, and no price is given"),
    "notice.price-of-failed": (
        "流拍而写有价格，不作成交价：{value}",
        "The sale failed, yet a price is written; it is no final price: {value}",
    ),
    "notice.same-number": (
        "编号与第 {first} 行相同，内容不同",
        "Same number as row {first}, other content",
    ),
    "notice.source-missing": (
        "没有写来源平台，用 --source 指明",
        "The platform is not named; name it with --source",
    ),
    # event logs of other systems
    "log.case-without-steps": ("办件 {case} 没有一个环节", "Case {case} has no event"),
    "log.not-a-time": (
        "{element} 不是对照表所写的时间：{value}",
        "{element} is not a time as the map has it: {value}",
    ),
    "log.hour-twice": (
        "{element} 落在时钟拨回的那一小时，按第一次计：{value}",
        "{element} lies in the hour that comes twice, taken for the first one: {value}",
    ),
    "log.hour-never": (
        "{element} 落在时钟拨快跳过的那一小时：{value}",
        "{element} lies in the hour the clocks leave out: {value}",
    ),
    "log.same-id": (
        "环节编号与第 {first} 行相同，内容不同",
        "Same id of a step as in line {first}, other content",
    ),
    "log.case-differs": (
        "同一办件第 {first} 行写的是另一个值，以那一个为准：{value}",
        "Line {first} of the same case says otherwise, and that is taken: {value}",
    ),
    "log.before-beginning": (
        "{element} 早于收到的时间：{value}",
        "{element} is before the beginning: {value}",
    ),
    "foreign-case.activity-missing": ("环节没有名称", "The step has no name"),
    "foreign-case.other-case": ("这是另一件办件", "This is another case"),
    "foreign-case.step-changed": (
        "编号为 {step} 的环节与已导入的不同，这件办件没有改写",
        "Step {step} differs from what was brought in; the case is left as it was",
    ),
    "foreign-case.too-long": (
        "有一段文字超过 {limit} 个字",
        "A text is longer than {limit} characters",
    ),
    "foreign-notice.title-missing": ("公告没有标题", "The notice has no title"),
    "foreign-notice.too-long": (
        "有一段文字超过 {limit} 个字",
        "A text is longer than {limit} characters",
    ),
    "ledger.entry-too-large": (
        "内容超过一条记录的上限 {limit} 字节",
        "The content exceeds {limit} bytes, the limit of one entry",
    ),
}


def sentences(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return the reason in Chinese and in English."""
    chinese, english = WORDS.get(code, (code, code))
    short = {name: str(fact)[:80] for name, fact in facts.items()}
    return chinese.format(**short), english.format(**short)
