"""What an e-licence is made of: whose it is, what is printed on it, who of the organ acted."""

from dataclasses import dataclass

from mingtang.core.mandates import Authority


@dataclass(frozen=True, kw_only=True)
class Holder:
    """持有主体. All of it is sealed in the record."""

    kind: str  # person | organisation
    id: str  # person id or organisation code, where one is registered; or empty
    name: str
    number: str  # identity number or unified social credit code


@dataclass(frozen=True, kw_only=True)
class Value:
    """One printed field."""

    name: str
    label: str
    label_en: str = ""
    value: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who of the organ acted, and under which letter."""

    person: str
    staff_no: str
    organisation: str
    authority: Authority
