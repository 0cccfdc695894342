"""What trading and other programs agree on: tokens, and the bank that keeps the deposits."""
