"""People and their trail: passwords that an admin lets them choose anew, and who did what."""
