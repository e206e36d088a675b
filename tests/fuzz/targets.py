"""All that is fuzzed: whatever parses what comes from outside, and whatever makes texts fit."""

from tests.fuzz import outward, own, telegram, wechat

TARGETS = (*wechat.TARGETS, *telegram.TARGETS, *own.TARGETS, *outward.TARGETS)
