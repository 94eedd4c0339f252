"""The cache is for speed only: when Redis is gone, pages are made anew and nobody is told no."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
GONE = (RedisError, OSError)  # away, silent, full or read-only: all the same to a page


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which answers "not cached" while Redis can't be reached."""

    def _forgive(self, verb, answer, *args, **kwargs):
        try:
            return getattr(super(), verb)(*args, **kwargs)
        except GONE as error:
            logger.warning("The cache can't be reached (%s); going on without it.", type(error).__name__)
            return answer

    def add(self, key, value, *args, **kwargs):
        return self._forgive("add", False, key, value, *args, **kwargs)

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

    def set_many(self, data, *args, **kwargs):
        return self._forgive("set_many", list(data), data, *args, **kwargs)

    def has_key(self, key, version=None):
        return self._forgive("has_key", False, key, version=version)

    def incr(self, key, delta=1, version=None):
        return self._forgive("incr", delta, key, delta=delta, version=version)
