"""Pages anyone may read: the front page, search, training, guidance, areas and what belongs to them."""
