"""The flagship: knowledge tracing with ability, items, forgetting and partial pooling."""
