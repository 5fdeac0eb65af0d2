"""“I need help”: asked by students, answered by their teachers."""
