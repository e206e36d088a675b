"""A bounded memory that forgets what has not been used for long."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lru(Generic[K, V]):
    """Keeps at most ``most`` values, in two generations: when the younger is full, the older is forgotten.

    What is used moves to the younger, so a value is lost only after as many others as half of ``most`` have been used
    since. A look costs one look-up, where an order of use would have to be rewritten with each.

    Args:
        most: how many values to keep.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value of a key, which counts as used now."""
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Keep a value, which counts as used now."""
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        if self._half:
            self._young[key] = value

    def drop(self, key: K) -> None:
        """Forget a key."""
        self._young.pop(key, None)
        self._old.pop(key, None)
