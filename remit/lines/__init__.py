"""The services: one folder each, found by its folder and listed nowhere."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from remit.domain.line import ServiceLine


@cache
def lines() -> Mapping[str, ServiceLine]:
    """Every service line by its code, in the order of codes. A folder without `line.py` raises ModuleNotFoundError: half a service is a mistake."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg and module.name != "tests")
    return MappingProxyType({name: importlib.import_module(f"{__name__}.{name}.line").LINE for name in names})
