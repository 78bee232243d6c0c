"""Programs that test the whole from outside."""
