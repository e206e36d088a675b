"""The bounded memory: what is used stays, what is not is forgotten, and there is never too much."""

from hypothesis import given
from hypothesis import strategies as st

from bot.lru import Lru


def test_what_is_used_again_and_again_is_never_forgotten() -> None:
    lru: Lru[int, int] = Lru(10)
    lru.put(0, 7)
    for other in range(1, 100):
        lru.put(other, other)
        assert lru.get(0) == 7


def test_what_is_not_used_is_forgotten() -> None:
    lru: Lru[int, int] = Lru(10)
    for key in range(100):
        lru.put(key, key)

    assert not any(lru.get(key) for key in range(90))
    assert all(lru.get(key) for key in range(95, 100))


def test_a_memory_of_no_size_keeps_nothing() -> None:
    lru: Lru[int, int] = Lru(0)
    lru.put(1, 1)

    assert lru.get(1) is None


@given(st.integers(0, 9), st.lists(st.tuples(st.booleans(), st.integers(0, 20))))
def test_it_keeps_no_more_than_it_may_and_tells_what_was_put_last(most: int, steps: list[tuple[bool, int]]) -> None:
    lru: Lru[int, int] = Lru(most)
    last: dict[int, int] = {}
    for number, (put, key) in enumerate(steps):
        if put:
            lru.put(key, number)
            last[key] = number
        else:
            assert lru.get(key) in (None, last.get(key))

    assert len(lru._young.keys() | lru._old.keys()) <= most
