"""What a customer of the demo hears to questions as people type them: colloquial, misspelt, mixed, or off the point."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from router.faq.index import Index
from router.faq.match import Entry, Verdict

pytestmark = pytest.mark.pure

FILE = Path(__file__).parents[2] / "templates" / "demo" / "knowledge.toml"


@cache
def index() -> Index:
    """The index of the demo knowledge."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["entry"]
    return Index.build([Entry(one["id"], one["question"], tuple(one["similar"])) for one in entries])


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("微信充的话费半天了还没到账", "topup.missing"),
        ("手滑充错号了怎么弄回来", "topup.wrong"),
        ("流量还有好多", "data.check"),
        ("查流量", "data.check"),
        ("我啥也没干流量就没了", "data.fast"),
        ("给别人开热点费不费流量", "data.hotspot"),
        ("想换个便宜点的套餐", "plan.change"),
        ("怎麼更改套餐", "plan.change"),
        ("我现在是啥套餐", "plan.current"),
        ("把我套餐退了吧", "plan.cancel"),
        ("收不到驗證碼", "sms.missing"),
        ("一直收不倒验证码", "sms.missing"),
        ("5g怎么弄", "5g.open"),
        ("下周去泰国玩，手机在那边能用吗怎么开", "roam.open"),
        ("把漫游关掉", "roam.close"),
        ("家里断网了", "broadband.down"),
        ("光猫闪红灯", "broadband.redlight"),
        ("装宽带的师傅怎么还没来", "broadband.progress"),
        ("wifi密码想改一下", "broadband.wifi"),
        ("电视老是卡", "iptv.fault"),
        ("卡锁了让我输puk", "sim.puk"),
        ("新卡咋激活呀", "sim.activate"),
        ("我自己号码是多少来着", "number.mine"),
        ("开个发票", "invoice.get"),
        ("我有多少积分", "points.check"),
        ("积分能换啥", "points.use"),
        ("没经我同意乱开业务，退钱", "vas.unwanted"),
        ("天天骚扰电话烦死了", "spam.calls"),
        ("来電顯示怎么开", "callerid.open"),
        ("最近的营业厅在哪儿", "store.find"),
        ("我要投诉你们", "complaint.how"),
        ("app登不上去", "app.login"),
        ("家里信号超差", "signal.weak"),
        ("号码被限制说我涉诈", "risk.stopped"),
    ],
)
def test_a_colloquial_question_is_answered(said: str, entry: str) -> None:
    assert index().match(said).answer == entry


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("我还有多少钱啊", "balance.check"),
        ("为啥这个月比上个月贵那么多", "bill.unexpected"),
        ("我停机了怎么开", "arrears.stopped"),
        ("宽带慢死了", "broadband.slow"),
        ("要搬家了宽带咋办", "broadband.move"),
        ("手机不认卡", "sim.unread"),
        ("电信号码转过来", "port.in"),
        ("给我妈办个卡她70了，有没有老人用的", "plan.senior"),
        ("我要转到别家去", "port.out"),
    ],
)
def test_a_question_that_says_little_draws_its_entry_at_least_as_a_suggestion(said: str, entry: str) -> None:
    assert entry in index().match(said).found.entries


@pytest.mark.parametrize(
    "said",
    [
        *("今天天气怎么样", "你叫什么名字", "哈哈哈哈", "我心情不好", "讲个笑话", "嗯嗯", "好的", "你好", "喂", "？"),
        *("苹果多少钱一斤", "怎么做红烧肉", "烧饼是什么意思", "帮我写一首诗", "股票今天涨了吗", "火车票怎么退"),
        *("手机屏幕碎了去哪修", "asdkjh 流量 qwoeiu", "5g causes cancer right", "lorem 5g ipsum", "啊啊啊"),
    ],
)
def test_small_talk_and_what_is_no_business_of_the_operator_draw_nothing(said: str) -> None:
    assert index().match(said).verdict is Verdict.NOTHING


@pytest.mark.parametrize(
    "said",
    [
        "医保卡丢了怎么办",
        "驾照丢了怎么补",
        "信用卡怎么还款",
        "护照在哪里办",
        "电费怎么交",
        "快递什么时候到",
        "猫粮多少钱",
    ],
)
def test_another_thing_in_the_same_words_is_not_answered(said: str) -> None:
    assert index().match(said).verdict is not Verdict.ANSWER
