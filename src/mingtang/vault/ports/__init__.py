"""What is read out of kept files: the text of a PDF, and how two of them differ."""
