"""What a reader needs to use the API: `/openapi.json` for programs, `/docs` for people."""

from .endpoints import router
from .schema import DESCRIPTION, VERSION, install, operation_name

__all__ = ["DESCRIPTION", "VERSION", "install", "operation_name", "router"]
