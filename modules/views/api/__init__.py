"""What other programs read, with a key in the header and nothing else."""
