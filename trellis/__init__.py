"""The command line: the one place that knows every folder, each imported only when needed."""
