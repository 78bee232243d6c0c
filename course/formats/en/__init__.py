"""English as it is written in Malaysia."""
