"""A real server under load: what it keeps and answers a second, on the machine that also asks."""
