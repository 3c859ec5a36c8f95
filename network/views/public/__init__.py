"""Pages anyone may read: organisations and service points."""
