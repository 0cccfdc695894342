"""The list of kinds as a file (品类目录): what is downloaded is what can be sent back."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.kinds import Kind, TradeCategory
from mingtang.trading.queries import KindRow

COLUMNS = ("code", "name", "name_en", "category", "business", "procedure", "illustrative")
LARGEST = 200_000  # bytes
YES, NO = "yes", "no"


class KindsForm(forms.Form):
    """The whole list as CSV, in place of the one before."""

    file = forms.FileField(
        label=_("品类目录（CSV）"),
        help_text=_("先下载现行目录，改好再上传。UTF-8 编码，列名不要改。"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> tuple[Kind, ...]:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise ValidationError(gettext("文件太大，不像是品类目录。"))
        try:
            text = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(gettext("文件不是 UTF-8 编码。")) from error
        try:
            return tuple(_kinds(text))
        except csv.Error as error:
            raise ValidationError(gettext("这不是 CSV 表格。")) from error


def _kinds(text: str) -> Iterable[Kind]:
    reader = csv.DictReader(StringIO(text, newline=""))
    if set(reader.fieldnames or ()) != set(COLUMNS):
        wanted = ", ".join(COLUMNS)
        raise ValidationError(gettext("列名应当是：%(wanted)s") % {"wanted": wanted})
    for row in reader:
        yield _kind(row, reader.line_num)


def _kind(row: Mapping[str, Any], line: int) -> Kind:
    whole = None not in row and None not in row.values()
    proper = whole and row["category"] in set(TradeCategory) and row["illustrative"] in (YES, NO)
    if not proper:
        raise ValidationError(gettext("第 %(line)s 行读不懂。") % {"line": line})
    return Kind(
        code=row["code"].strip(),
        name=row["name"].strip(),
        name_en=row["name_en"].strip(),
        category=TradeCategory(row["category"]),
        business=row["business"].strip(),
        procedure=row["procedure"].strip(),
        illustrative=row["illustrative"] == YES,
    )


def as_csv(kinds: Iterable[KindRow]) -> str:
    """Return the list as the file that `KindsForm` reads."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for kind in kinds:
        texts = [getattr(kind, column) for column in COLUMNS[:-1]]
        writer.writerow([*texts, YES if kind.illustrative else NO])
    return written.getvalue()
