"""Everything running at once on one machine, from one command and one data folder."""
