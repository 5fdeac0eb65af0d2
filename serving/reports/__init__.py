"""How a student or a class is doing, in plain language: for families, students and print."""
