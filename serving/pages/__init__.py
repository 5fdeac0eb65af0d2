"""Pages for people: server-rendered, readable without script, each with its JSON twin.

A view builds a frozen value from what `serving.answers` and `serving.decisions` say; a template
prints it. `install` adds the pages to an app and shows its errors to browsers as pages too.
"""

from .forms import Forms
from .problem_page import install_problem_pages
from .router import router

__all__ = ["Forms", "install_problem_pages", "router"]
