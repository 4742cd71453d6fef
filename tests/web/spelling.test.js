import assert from "node:assert/strict";
import { test } from "node:test";

import { evenOut, trimmed } from "../../maps/web/src/core/spelling.js";

test("width, case, blanks and punctuation do not count", () => {
  assert.equal(evenOut("Ｏ-L E D 材料"), "oled材料");
  assert.equal(evenOut("R&D"), "rd");
  assert.equal(evenOut("钙钛矿（电池）"), "钙钛矿电池");
  assert.equal(evenOut("𠀀・ﾊﾞ"), "𠀀バ");
  assert.equal(evenOut("!? _"), "");
});

test("letters fold as Python's casefold folds them", () => {
  assert.equal(evenOut("Straße STRASSE ẞ"), "strassestrassess");
  assert.equal(evenOut("ΣΊΣΥΦΟΣ"), "σίσυφοσ");
  assert.equal(evenOut("Iıİ"), "iıi");
  assert.equal(evenOut("ﬁK²½Ⅻ"), "fik212xii");
});

test("blanks at the ends go, and nothing is null", () => {
  assert.equal(trimmed("\u3000 石墨烯\u00a0\n"), "石墨烯");
  assert.equal(trimmed(" a b "), "a b");
  for (const nothing of [null, undefined, "", " \t\u2003"]) assert.equal(trimmed(nothing), null);
});
