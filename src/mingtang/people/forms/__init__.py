"""What people type about people. Other rooms take their fields for numbers from here."""

from mingtang.people.forms.bodies import BodyForm, PlaceForm, PostForm, UnitForm, public_bodies
from mingtang.people.forms.letters import MandateForm, PublishForm
from mingtang.people.forms.numbers import (
    CreditCodeField,
    PhoneField,
    ResidentNumberField,
    credit_code,
    phone_number,
    resident_number,
)
from mingtang.people.forms.persons import (
    AgentForm,
    ContactForm,
    IdentityForm,
    OpenAccountForm,
    PersonField,
    ReasonForm,
    SignUpForm,
)
from mingtang.people.forms.words import ID_KINDS, MANDATE_POWERS, ROLES, role_names

__all__ = [
    "ID_KINDS",
    "MANDATE_POWERS",
    "ROLES",
    "AgentForm",
    "BodyForm",
    "ContactForm",
    "CreditCodeField",
    "IdentityForm",
    "MandateForm",
    "OpenAccountForm",
    "PersonField",
    "PhoneField",
    "PlaceForm",
    "PostForm",
    "PublishForm",
    "ReasonForm",
    "ResidentNumberField",
    "SignUpForm",
    "UnitForm",
    "credit_code",
    "phone_number",
    "public_bodies",
    "resident_number",
    "role_names",
]
