"""What a counsellor sees of booking: the times they offer, their absences, and one appointment."""
