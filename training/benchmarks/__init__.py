"""Trellis beside its peers: the same work, on the same machine, in one run."""
