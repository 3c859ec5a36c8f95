"""Whether the links of published records still lead somewhere."""
