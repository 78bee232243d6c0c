"""What trainers and administrators see: typed rows from named queries."""
