"""What is believed of students, as JSON and as CSV."""
