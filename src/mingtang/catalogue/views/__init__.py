"""Pages of this room: the desk, the editor, the calendar, and what anybody may fetch."""
