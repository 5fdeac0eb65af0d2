"""The heart of Trellis: pure functions over facts and parameters.

No input or output, no clock, no chance of its own: time and randomness arrive as arguments.
"""
