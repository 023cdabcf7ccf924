"""A cache that all processes share, and that may be away."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# Nobody waits longer than this for it, in seconds …
PATIENCE = 0.25
# … and while it is away it is asked again this often.
PAUSE = 5


@dataclass
class _Line:
    """How we stand with one server, for all threads of this process."""

    lost: bool = False
    silent_until: float = 0.0


_lines: dict[str, _Line] = {}


class SharedCache(RedisCache):
    """Valkey, or another that speaks Redis' protocol.

    While it does not answer, it knows nothing and keeps nothing: the site works on,
    slower. The log says once when it went and once when it came back.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            # The server was started anew since: the old connection is of no use.
            "retry": Retry(NoBackoff(), 1),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = _Client


class _Client(RedisCacheClient):
    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        return self._ask(super().add, key, value, timeout, otherwise=False)

    def get(self, key: str, default: Any) -> Any:
        return self._ask(super().get, key, default, otherwise=default)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        self._ask(super().set, key, value, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        return self._ask(super().touch, key, timeout, otherwise=False)

    def delete(self, key: str) -> bool:
        return self._ask(super().delete, key, otherwise=False)

    def get_many(self, keys: Any) -> dict[str, Any]:
        return self._ask(super().get_many, keys, otherwise={})

    def has_key(self, key: str) -> bool:
        return self._ask(super().has_key, key, otherwise=False)

    def incr(self, key: str, delta: int) -> int:
        counted = self._ask(super().incr, key, delta)
        if counted is None:
            raise ValueError(f"Key '{key}' not found.")
        return counted

    def set_many(self, data: dict[str, Any], timeout: int | None) -> None:
        self._ask(super().set_many, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._ask(super().delete_many, keys)

    def clear(self) -> bool:
        return self._ask(super().clear, otherwise=False)

    def _ask(
        self, question: Callable[..., Any], *args: Any, otherwise: Any = None
    ) -> Any:
        """What the server answers, or `otherwise` while it is away."""
        line = _lines.setdefault(self._servers[0], _Line())
        if monotonic() < line.silent_until:
            return otherwise
        try:
            answer = question(*args)
        except RedisError as error:
            line.silent_until = monotonic() + PAUSE
            if not line.lost:
                line.lost = True
                # Not its address: that may hold a password.
                logger.warning("The cache is away: %s", type(error).__name__)
            return otherwise
        if line.lost:
            line.lost = False
            logger.warning("The cache is back.")
        return answer
