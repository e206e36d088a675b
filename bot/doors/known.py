"""What each channel can carry, told by its door's class: for those who need to know before any door is open."""

from collections.abc import Mapping
from types import MappingProxyType

from channels.door import Capabilities
from channels.hotline.door import HotlineDoor
from channels.outlet.door import OutletDoor
from channels.telegram.door import TelegramDoor
from channels.web import door as web
from channels.wechat.door import WeChatDoor
from channels.wechat_kf.door import WechatKfDoor

CAPABILITIES: Mapping[str, Capabilities] = MappingProxyType({
    WeChatDoor.name: WeChatDoor.capabilities,
    WechatKfDoor.name: WechatKfDoor.capabilities,
    TelegramDoor.name: TelegramDoor.capabilities,
    **web.CAPABILITIES,
    HotlineDoor.name: HotlineDoor.capabilities,
    OutletDoor.name: OutletDoor.capabilities,
})  # fmt: skip
"""By the channel's name."""
PUSHES = frozenset(name for name, can in CAPABILITIES.items() if can.pushes)
"""Channels whose messages are pushed to the platform; the others read the thread."""
PASSIVE = frozenset(name for name, can in CAPABILITIES.items() if can.passive)
"""Those of them whose platform takes the first answer of a turn as the body of its own request."""
ENDS = frozenset(name for name, can in CAPABILITIES.items() if can.sessions)
"""Those of them whose platform counts sessions: the words that end a conversation end the session and cost nothing."""
WOKEN = frozenset(name for name, can in CAPABILITIES.items() if can.sleeps)
"""Channels whose devices may sleep, and are woken over the operator's own system."""
