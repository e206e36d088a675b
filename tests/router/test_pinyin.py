"""Initials: a canned reply is found by the first letters of its title's reading."""

import pytest

from router.pinyin import initials

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请稍等", "qsd"),
        ("开场问候", "kcwh"),
        ("已看到记录", "ykdjl"),
        ("宽带 5G 报修！", "kd5gbx"),
        ("阿坝欧洲", "aboz"),
        ("座作", "zz"),
        ("Hello", "hello"),
        ("龘", ""),
    ],
)
def test_initials_are_those_that_people_type(text: str, said: str) -> None:
    assert initials(text) == said
