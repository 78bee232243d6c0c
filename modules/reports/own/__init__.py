"""Everything the site knows about one person, for that person."""
