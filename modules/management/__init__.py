"""Commands of the top floor: they read files or write everything, so they may import all."""
