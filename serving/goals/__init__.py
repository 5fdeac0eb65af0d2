"""What students and classes aim at."""
