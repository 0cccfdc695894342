"""Mingtang (明堂): a public service centre run in the open, on one tamper-evident ledger."""
