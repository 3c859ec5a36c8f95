"""How good the records of the catalogue are: named criteria, scores, words for the keepers."""
