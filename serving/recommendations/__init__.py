"""What a student should do next."""
