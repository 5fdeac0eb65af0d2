"""The HTTP API, the pages for people, and the server that runs them."""

import os

# Where the compiler looks for kernels, before anything imports it: its own list with ours in place.
os.environ["NUMBA_CACHE_LOCATOR_CLASSES"] = (
    "UserProvidedCacheLocator,serving.kernels.ShippedKernels,InTreeCacheLocator,"
    "UserWideCacheLocator,IPythonCacheLocator,ZipCacheLocator"
)
