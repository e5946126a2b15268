"""How results look: safe Markdown, streaming text, tables, sizes and durations."""
