// The desk's scripts, each with one thing to care for. Everything listens on the document, so parts may be replaced.

import "./swaps.js";
import "./preferences.js";
import "./badges.js";
import "./sends.js";
import "./composer.js";
import "./enclosures.js";
import "./lightbox.js";
import "./disclosed.js";
import "./canned.js";
import "./palette.js";
import "./keys.js";
import "./settings.js";
import "./knowledge.js";
import "./notices.js";
import "./offers.js";
import "./transfer.js";
import "./theme.js";
import "./limits.js";
import "./live.js";
import "./typing.js";
import "./typed.js";
import "./panes.js";
import "./tickets.js";
import "./wall.js";
import "./splitter.js";
