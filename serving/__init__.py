"""The HTTP API, the pages for people, and the server that runs them."""

from .kernels import read_shipped_kernels

read_shipped_kernels()  # before `engine` brings its kernels in
