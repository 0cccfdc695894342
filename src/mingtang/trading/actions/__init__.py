"""Everything that can be done in trading. Nothing else writes it."""
