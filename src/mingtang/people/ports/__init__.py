"""What the people room says to the world outside."""
