"""Whether the server is well, and which model is in force."""
