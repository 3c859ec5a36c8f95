"""What the demo shows: fictional people at work with what real networks do, the same every time.

Everything is relative to today. Subjects are built in the order in which they need each other.
"""
