"""The project editor, for the coordinators of those who carry the project out."""
