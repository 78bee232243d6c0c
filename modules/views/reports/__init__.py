"""Pages of reports: one file for each kind."""
