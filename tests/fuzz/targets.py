"""All that is fuzzed: whatever parses what comes from outside, and whatever makes texts fit."""

from tests.fuzz import outward, own, telegram, wechat, wechat_kf

TARGETS = (*wechat.TARGETS, *wechat_kf.TARGETS, *telegram.TARGETS, *own.TARGETS, *outward.TARGETS)
