"""What trading and other programs agree on."""
