"""How fast the portal is, measured on a portal of its own: `python -m tests.bench [--json FILE]`."""
