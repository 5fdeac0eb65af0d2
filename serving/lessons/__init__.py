"""How a class works: its policy, advice on the approach, and plans of lessons."""
