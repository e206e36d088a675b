"""Masking of what leaves the house: numbers, names and addresses become their kind, as far as rules can tell."""

import re
from collections.abc import Sequence

from router.wording.personal import WIDE, spots
from router.wording.places import places

_WIDE = {wide: narrow for wide, narrow in WIDE.items() if chr(narrow).isalnum() or chr(narrow) in "@+-"}
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE = re.compile(r"((?:验证码|密码|code|password|pin)\D{0,6})[0-9A-Za-z]{4,16}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d(?:[\s-]?\d){5,}(?!\d)")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊"
    "纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石"
    "崔吉龚程邢裴陆荣翁荀羊惠甄曲家封储靳段富巫乌焦巴弓牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶幸司韶黎蓟白怀蒲邰从"
    "鄂索咸籍赖卓蔺屠蒙池乔阴苍闻党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖"
    "庾终居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾母沙乜养鞠须丰巢关相查后荆红游竺权盖肖"
)
_SELF = re.compile(rf"((?:我叫|我是|名字是|姓名[是为：:]?|户主[是为：:]?|机主[是为：:]?|联系人[是为：:]?)\s*)([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=$|[^\u4e00-\u9fff]|的|，|电话|手机|号码|身份)")  # fmt: skip  # noqa: E501
_TITLE = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(先生|女士|小姐|太太|阿姨|师傅|经理)")
_ENGLISH = re.compile(r"\b((?:[Mm]y name is|[Ii] am|[Ii]'m|Mr\.?|Mrs\.?|Ms\.?)\s+)[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?")


def masked(text: str, names: Sequence[str] = ()) -> str:
    """The text with what is personal in it replaced by its kind, such as ``[PHONE]``.

    Args:
        text: as somebody wrote it.
        names: names that are known to belong to people of this conversation.
    """
    plain = text.translate(_WIDE)
    for start, end in reversed(places(plain)):
        plain = f"{plain[:start]}[ADDRESS]{plain[end:]}"
    for spot in reversed(spots(plain)):
        plain = f"{plain[: spot.start]}[{spot.kind.value.upper()}]{plain[spot.end :]}"
    plain = _CODE.sub(r"\1[SECRET]", _MAIL.sub("[MAIL]", plain))
    plain = _NUMBER.sub("[NUMBER]", _PLATE.sub("[PLATE]", plain))
    for name in sorted({name.strip() for name in names} - {""}, key=len, reverse=True):
        plain = plain.replace(name, "[NAME]")
    return _ENGLISH.sub(r"\1[NAME]", _TITLE.sub(r"[NAME]\1", _SELF.sub(r"\1[NAME]", plain)))
