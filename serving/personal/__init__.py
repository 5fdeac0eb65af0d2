"""All that is kept about one student: given out whole, or erased for good."""
