import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../maps/web/src/core/encoding.js";
import { Fault } from "../../maps/web/src/core/fault.js";
import { utf8 } from "./reading.js";

const GBK = {
  深圳光刻胶: [0xc9, 0xee, 0xdb, 0xda, 0xb9, 0xe2, 0xbf, 0xcc, 0xbd, 0xba],
  联通: [0xc1, 0xaa, 0xcd, 0xa8],
};
const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...utf8(part)] : part)));
const wide = (text, little) => [...text].flatMap((mark) => {
  const code = mark.charCodeAt(0);
  return little ? [code & 255, code >> 8] : [code >> 8, code & 255];
});

for (const [name, given, text, encoding, basis] of [
  ["UTF-8", utf8("编号,深圳"), "编号,深圳", "UTF-8", "measured"],
  ["UTF-8 with a mark", bytes([0xef, 0xbb, 0xbf], "编号,深圳"), "编号,深圳", "UTF-8", "byte-order mark"],
  ["UTF-16, small end first", bytes([0xff, 0xfe], wide("编号\t深圳", true)), "编号\t深圳", "UTF-16", "byte-order mark"],
  ["UTF-16, large end first", bytes([0xfe, 0xff], wide("编号\t深圳", false)), "编号\t深圳", "UTF-16", "byte-order mark"],
  ["GBK", bytes("id,name\n1,", GBK.深圳光刻胶), "id,name\n1,深圳光刻胶", "GBK", "measured"],
  ["GBK whose bytes are UTF-8 too", bytes("id,name\n1,", GBK.联通), "id,name\n1,联通", "GBK", "measured"],
  ["the Western code page", bytes("id,name\n1,Caf", [0xe9], " Z", [0xfc], "rich"), "id,name\n1,Café Zürich", "Windows-1252", "measured"],
  ["ASCII", utf8("id,lon"), "id,lon", "UTF-8", "measured"],
]) {
  test(`text in ${name} is read, and it is said`, () => {
    assert.deepEqual(decode(given), { text, encoding, basis });
  });
}

for (const [name, given, said] of [
  ["a workbook", bytes("PK", [3, 4, 20, 0]), /zip archive/],
  ["a PDF", utf8("%PDF-1.7"), /PDF/],
  ["text with NUL", bytes("id,lon\n1", [0], "2"), /NUL/],
  ["broken UTF-16", bytes([0xff, 0xfe, 0x00, 0xd8, 0x41]), /neither UTF-8 nor GBK/],
]) {
  test(`${name} is refused with a remedy in both languages`, () => {
    assert.throws(() => decode(given), (fault) => fault instanceof Fault && said.test(fault.en) && Boolean(fault.zh && fault.remedyZh && fault.remedyEn));
  });
}
