"""What is typed about trading."""
