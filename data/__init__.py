"""Where facts come from and where they live: readers and writers, quality, splits, the store.

Import what you need from its own file, for example `from data.events import read_events`.
"""
