"""What `make bench` measures: figures are printed and, where promised, asserted as ratios."""
