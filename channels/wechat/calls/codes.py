"""QR codes that last for ever: whoever scans one follows the account, and we hear by which code they came."""

from channels.accounts import WechatAccount
from channels.door import TryAgain
from channels.wechat.calls.api import QR_PATH, Api


async def make(api: Api, account: WechatAccount, scene: str) -> str:
    """Have WeChat make a code; an account may have 100,000 of them (developers.weixin.qq.com: QR codes).

    Args:
        api: carries the call.
        account: whom the code leads to.
        scene: comes back with each scan; 1 to 64 characters.

    Returns:
        The address that the code is to hold.

    Raises:
        TryAgain: not now.
        Undeliverable: never.
    """
    asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    answer = (await api.ask(account, QR_PATH, asked)).answer()
    if answer is None or not answer.url:
        raise TryAgain("answer_unreadable")
    return answer.url
