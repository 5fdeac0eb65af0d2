"""A teacher's word against the model's: said, previewed, withdrawn, and what came of it."""
