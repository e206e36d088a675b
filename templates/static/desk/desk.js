// The desk's scripts, each with one thing to care for. Everything listens on the document, so parts may be replaced.

import "./badges.js";
import "./composer.js";
import "./enclosures.js";
import "./lightbox.js";
import "./disclosed.js";
import "./canned.js";
import "./keys.js";
import "./notices.js";
import "./offers.js";
import "./transfer.js";
import "./theme.js";
import "./live.js";
import "./typing.js";
import "./panes.js";
import "./tickets.js";
