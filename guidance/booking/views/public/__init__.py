"""What anyone sees of booking: choosing a time, giving one's details, and the private link afterwards."""
