"""Everything that can be done to people, organisations, offices, letters and accounts.

`by` is the person id of whoever acts, or the name of a programme. A list of things goes through
one commit and gives one outcome each; what it looks up (is the office open, is the person
known) is as of before that commit, so enter persons first, then organisations, offices,
appointments, letters.
"""

from mingtang.people.actions.accounts import (
    disable_account,
    enable_account,
    open_account,
    open_accounts,
    reset_account,
    sign_up,
)
from mingtang.people.actions.bodies import (
    Body,
    Place,
    amend_organisation,
    close_office,
    name_agent,
    name_agents,
    open_office,
    open_offices,
    register_organisation,
    register_organisations,
    remove_agent,
)
from mingtang.people.actions.factors import prove, spend_code
from mingtang.people.actions.letters import (
    grant_mandate,
    grant_mandates,
    publish_mandate,
    publish_mandates,
    revoke_mandate,
)
from mingtang.people.actions.persons import (
    Identity,
    Post,
    amend_person,
    appoint,
    appoint_many,
    end_appointment,
    end_entrustment,
    entrust,
    register_people,
    register_person,
)
from mingtang.people.actions.phrases import drop_phrase, keep_phrase
from mingtang.people.projection import MANDATE, OFFICE, ORGANISATION, PERSON

SUBJECTS = (ORGANISATION, OFFICE, PERSON, MANDATE)

__all__ = [
    "SUBJECTS",
    "Body",
    "Identity",
    "Place",
    "Post",
    "amend_organisation",
    "amend_person",
    "appoint",
    "appoint_many",
    "close_office",
    "disable_account",
    "drop_phrase",
    "enable_account",
    "end_appointment",
    "end_entrustment",
    "entrust",
    "grant_mandate",
    "grant_mandates",
    "keep_phrase",
    "name_agent",
    "name_agents",
    "open_account",
    "open_accounts",
    "open_office",
    "open_offices",
    "prove",
    "publish_mandate",
    "publish_mandates",
    "register_organisation",
    "register_organisations",
    "register_people",
    "register_person",
    "remove_agent",
    "reset_account",
    "revoke_mandate",
    "sign_up",
    "spend_code",
]
