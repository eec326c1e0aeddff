"""Structured logs: one JSON object a line on standard error, without names, mail addresses or contents."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

LINK = re.compile(r"/g/[A-Za-z0-9_-]{20,}")
"""A guest's link: whoever has it may ask for its code, so it stands in no log."""


def without_links(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The event with the secret of every guest's link taken out."""
    return {name: LINK.sub("/g/…", value) if isinstance(value, str) else value for name, value in event.items()}


def configure(options: dict[str, Any]) -> None:
    """Send both structlog's and the standard library's records through one JSON writer at the level of `options`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_links,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=options.get("level", "INFO"), force=True)
