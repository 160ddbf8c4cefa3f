"""LaTeX, HTML, Markdown, names and identifiers."""
