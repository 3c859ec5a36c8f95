"""Data from the sources the network keeps already: each source is one reader module, the rest is shared."""
