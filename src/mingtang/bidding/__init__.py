"""The bidding room (竞价大厅): bids come in, the log's lines go out, to whoever watches.

It holds no truth. A bid is checked, waits for the commit it shares with others, and is answered
by what the ledger says; what watchers see is read from the ledger, whichever process wrote it.
So any number of these processes may serve the same lots, and any of them may die.
"""
