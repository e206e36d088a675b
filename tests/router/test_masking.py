"""What leaves the house is masked, and what a chat tells of a ticket is read out of it."""

from datetime import date

import pytest

from router.fields import Fields, fields_of
from router.wording.masking import masked
from router.wording.places import places

pytestmark = pytest.mark.pure
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我叫张小明，电话13800138000", ("张小明", "13800138000")),
        ("身份证 11010519491231002X 办的", ("11010519491231002X",)),
        ("卡号 4111 1111 1111 1111", ("4111",)),
        ("我家在北京市朝阳区建国路88号3单元502室，宽带断了", ("朝阳区", "建国路", "502")),
        ("地址：解放街道12号楼301", ("解放街道", "12号楼")),
        ("验证码是 482913", ("482913",)),
        ("服务密码 abc123", ("abc123",)),
        ("邮箱 zhang.san@example.com", ("zhang.san",)),
        ("订单 202611260001 怎么还没到", ("202611260001",)),
        ("王先生来过", ("王先",)),
        ("机主：李雷", ("李雷",)),
        ("My name is John Smith, 12 Baker Street", ("John", "Smith", "Baker")),
        ("车牌京A·12345", ("京A",)),
        ("刘伟说的", ("刘伟",)),
    ],
)
def test_what_is_personal_does_not_leave_the_house(text: str, gone: tuple[str, ...]) -> None:
    left = masked(text, ["刘伟"])
    assert not [word for word in gone if word in left], left
    assert "[" in left


@pytest.mark.parametrize(
    "text",
    [
        "宽带断网怎么办",
        "套餐多少钱，5G 的",
        "请拨打 10086",
        "上个月扣了 58.20 元",
        "我是老用户",
        "市区信号不好",
        "号码怎么改",
    ],
)
def test_what_is_not_personal_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (
            ["宽带断网了", "昨天晚上8点半开始的，宽带账号是 010abc123", "我家在朝阳区建国路88号3单元502室"],
            Fields("broadband", "010abc123", date(2026, 11, 25), "20:30", "朝阳区建国路88号3单元502室"),
        ),
        (["这个月话费多扣了", "号码 138 0013 8000", "不对，是 13900139000"], Fields("billing", "13900139000")),
        (["12月1日 14:05 停机的"], Fields("card", "", date(2026, 12, 1), "14:05")),
        (["我要开发票，座机 010-88886666"], Fields("invoice", "01088886666")),
        (["在吗"], Fields()),
        (["13月40日 25点"], Fields()),
    ],
)
def test_a_ticket_s_fields_are_read_out_of_the_chat(said: list[str], fields: Fields) -> None:
    assert fields_of(said, TODAY) == fields


def test_an_address_is_two_parts_or_more_with_a_number_among_them() -> None:
    assert places("朝阳区") == ()
    assert places("我在市区的路上") == ()
    text = "住址是海淀区中关村大街27号"
    assert [text[start:end] for start, end in places(text)] == ["海淀区中关村大街27号"]
