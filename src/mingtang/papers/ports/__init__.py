"""What talks to the typesetter."""
