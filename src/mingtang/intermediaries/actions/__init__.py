"""Everything that can be done to a service, a body of the register, a need. Nothing else writes.

`by` names the person, `at` is the moment, given by the face; `once` is the form's idempotency key.
Who may is asked when the order's turn comes.
"""
