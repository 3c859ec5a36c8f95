"""What counsellors see: their day, their sessions, the clients of their organisations."""
