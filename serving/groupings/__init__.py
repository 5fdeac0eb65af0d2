"""Who of a class needs what now."""
