"""The cache in Redis holds nothing that would be missed: when it is gone, everything goes on."""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
UNREACHABLE = (RedisConnectionError, RedisTimeoutError, OSError)  # away or silent
GONE = (RedisError, OSError)  # or full, or read-only: all the same to who asks
PAUSE_SECONDS = 5.0  # how long a Redis that can't be reached is left alone


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which answers "not cached" while Redis can't be reached.

    Signing in asks several times, and each question to a silent Redis takes as long as the time-out: so after the
    first one that is in vain, this process goes on without the cache for some seconds.
    """

    _asks_again_at = 0.0  # of the class: each thread has a cache of its own

    def _forgive(self, verb, answer, *args, **kwargs):
        if time.monotonic() < ForgivingRedisCache._asks_again_at:
            return answer
        try:
            return getattr(super(), verb)(*args, **kwargs)
        except GONE as error:
            logger.warning("The cache can't be reached (%s); going on without it.", type(error).__name__)
            if isinstance(error, UNREACHABLE):
                ForgivingRedisCache._asks_again_at = time.monotonic() + PAUSE_SECONDS
            return answer

    def add(self, key, value, *args, **kwargs):
        # As if it had been added: allauth takes this for a lock, and who never gets it is not let in.
        return self._forgive("add", True, key, value, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self._forgive("get", default, key, default=default, version=version)

    def set(self, key, value, *args, **kwargs):
        return self._forgive("set", None, key, value, *args, **kwargs)

    def touch(self, key, *args, **kwargs):
        return self._forgive("touch", False, key, *args, **kwargs)

    def delete(self, key, version=None):
        return self._forgive("delete", False, key, version=version)

    def get_many(self, keys, version=None):
        return self._forgive("get_many", {}, keys, version=version)

    def set_strictly(self, key, value, timeout):
        """Raises what the others forgive: for who asks whether the cache is well."""
        super().set(key, value, timeout)

    def set_many(self, data, *args, **kwargs):
        return self._forgive("set_many", list(data), data, *args, **kwargs)

    def has_key(self, key, version=None):
        return self._forgive("has_key", False, key, version=version)

    def incr(self, key, delta=1, version=None):
        return self._forgive("incr", delta, key, delta=delta, version=version)
