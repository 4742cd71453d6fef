/**
 * Text of a planner's file, and the encoding that it is in; the same measure as geo/sources/encoding.py.
 *
 * Only UTF-8, UTF-16 with a byte-order mark, GBK (with GB18030) and the Western code page come in
 * practice. Without a mark each is tried on the lines that are not ASCII, and what comes out is
 * judged: common characters speak for an encoding, rare ones against. So 联通 in GBK, whose bytes
 * happen to be UTF-8 too, is read right.
 */

import { Fault } from "./fault.js";

const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], label: "utf-8", encoding: "UTF-8" },
  { bytes: [0xff, 0xfe], label: "utf-16le", encoding: "UTF-16" },
  { bytes: [0xfe, 0xff], label: "utf-16be", encoding: "UTF-16" },
];
const SPOKEN = { "utf-8": "UTF-8", gb18030: "GBK", "windows-1252": "Windows-1252" };
const CANDIDATES = Object.keys(SPOKEN);
const LOOKED_AT = 1_000_000; // bytes
const PIECES = 20_000;
const LONGEST = 4_000; // characters of a piece

const BINARY = [
  ["PK\x03\x04", "a zip archive, perhaps .xlsx or .kmz", "zip 压缩包（可能是 .xlsx 或 .kmz）"],
  ["\xd0\xcf\x11\xe0", "an old Office file, or a workbook with a password", "旧版 Office 文件或加密工作簿"],
  ["SQLite format 3", "a SQLite database, perhaps a GeoPackage", "SQLite 数据库（可能是 GeoPackage）"],
  ["PAR1", "a Parquet file", "Parquet 文件"],
  ["fgb\x03", "a FlatGeobuf file", "FlatGeobuf 文件"],
  ["%PDF", "a PDF", "PDF 文件"],
  ["II*\0", "a TIFF image", "TIFF 影像"],
  ["MM\0*", "a TIFF image", "TIFF 影像"],
  ["\x89PNG", "a PNG image", "PNG 图片"],
  ["\xff\xd8\xff", "a JPEG image", "JPEG 图片"],
  ["\x1f\x8b", "a gzip archive", "gzip 压缩包"],
  ["7z\xbc\xaf", "a 7z archive", "7z 压缩包"],
  ["Rar!", "a RAR archive", "RAR 压缩包"],
  ["AC10", "an AutoCAD drawing (DWG)", "AutoCAD 图形（DWG）"],
  ["\x00\x00\x27\x0a", "a shapefile", "shapefile"],
];

/**
 * Decodes the bytes of a text file.
 *
 * @param {Uint8Array} bytes
 * @returns {{text: string, encoding: "UTF-8"|"UTF-16"|"GBK"|"Windows-1252", basis: "byte-order mark"|"measured"}}
 * @throws {Fault} if they are no text in one of these encodings
 */
export function decode(bytes) {
  for (const { bytes: mark, label, encoding } of MARKS) {
    if (mark.every((byte, at) => bytes[at] === byte)) {
      const text = attempt(bytes, label);
      if (text === null) throw undecodable();
      return { text: withoutNul(text), encoding, basis: "byte-order mark" };
    }
  }
  refuseBinary(bytes);
  const best = measured(bytes.subarray(0, LOOKED_AT));
  for (const label of new Set(["utf-8", best ?? "utf-8", "gb18030"])) {
    const text = attempt(bytes, label);
    if (text !== null && (label !== "utf-8" || best === null || best === "utf-8")) {
      return { text: withoutNul(text), encoding: SPOKEN[label], basis: "measured" };
    }
  }
  throw undecodable();
}

/** Refuses what begins like a file that is no text. */
function refuseBinary(bytes) {
  for (const [magic, en, zh] of BINARY) {
    if ([...magic].every((mark, at) => mark.charCodeAt(0) === bytes[at])) {
      throw new Fault(`这不是文本表格，而是${zh}`, `this is no text table, but ${en}`, {
        remedyEn: "have it checked with: parksite check FILE; or save it as CSV UTF-8",
        remedyZh: "请用 parksite check 文件 核对，或另存为 CSV UTF-8",
      });
    }
  }
}

function attempt(bytes, label) {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function undecodable() {
  return new Fault("文件既不是 UTF-8 也不是 GBK 文本", "the file is neither UTF-8 nor GBK text", {
    remedyEn: "save it as CSV UTF-8",
    remedyZh: "请另存为 CSV UTF-8",
  });
}

function withoutNul(text) {
  const at = text.indexOf("\0");
  if (at < 0) return text;
  const line = text.slice(0, at).split("\n").length;
  throw new Fault("文件含空字符，不是文本表格", "the file holds NUL characters, it is no text table", {
    value: `line ${line}`,
    remedyEn: "open it in a spreadsheet and save it as CSV UTF-8",
    remedyZh: "请用表格软件打开并另存为 CSV UTF-8",
  });
}

/** Encoding that the lines beyond ASCII are in; null where there are none or nothing fits. */
function measured(bytes) {
  const pieces = linesBeyondAscii(bytes);
  if (!pieces.length) return null;
  const scores = CANDIDATES.map((label) => score(pieces, label));
  const best = scores.indexOf(Math.max(...scores));
  return scores[best] > 0 ? CANDIDATES[best] : null;
}

function linesBeyondAscii(bytes) {
  const pieces = [];
  let begin = 0;
  let telling = false;
  for (let at = 0; at <= bytes.length && pieces.length < PIECES; at += 1) {
    const byte = bytes[at];
    if (at === bytes.length || byte === 0x0a || byte === 0x0d) {
      if (telling) pieces.push(bytes.subarray(begin, at));
      begin = at + 1;
      telling = false;
    } else if (byte > 0x7f) telling = true;
  }
  return pieces;
}

/** Mean over the pieces of how much each looks like text in an encoding, -1 to 1.8. */
function score(pieces, label) {
  const decoder = new TextDecoder(label, { fatal: true });
  let total = 0;
  for (const piece of pieces) {
    try {
      const text = decoder.decode(piece, { stream: false });
      total += likely(text) + (label === "utf-8" && /[\u0800-\u{10ffff}]/u.test(text) ? 0.5 : 0);
    } catch {
      total -= 1;
    }
  }
  return total / pieces.length + (label === "utf-8" && total > 0 ? 0.3 : 0);
}

/** Mean likeliness of the characters beyond ASCII. */
function likely(text) {
  const marks = [...text.slice(0, LONGEST)];
  let sum = 0;
  let count = 0;
  marks.forEach((mark, at) => {
    if (mark <= "\x7f") return;
    sum += likeliness(mark, (marks[at - 1] ?? "") + (marks[at + 1] ?? ""));
    count += 1;
  });
  return count ? sum / count : 0;
}

/** How likely a character is in a planner's file; `beside` are its neighbours. */
function likeliness(mark, beside) {
  const code = mark.codePointAt(0);
  if (code >= 0x4e00 && code <= 0x9fff) return ideographs().get(mark) ?? 0.1;
  if ((code >= 0x3000 && code <= 0x303f) || (code >= 0xff01 && code <= 0xffee) || "·—‘’“”…×°㎡²³".includes(mark)) return 0.8;
  if (code >= 0xc0 && code <= 0x17f && mark !== "×" && mark !== "÷") return [...beside].every((one) => one <= "\x7f") ? 0.7 : 0.05;
  if ((code >= 0x3400 && code <= 0x4dbf) || code >= 0x20000) return 0.2;
  if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x2160 && code <= 0x217f) || (code >= 0x2460 && code <= 0x24ff)) return 0.4;
  return -0.5;
}

let levels = null;

/** 1 for the common characters of GB 2312 (rows 0xB0 to 0xD7), 0.7 for its others. */
function ideographs() {
  if (levels) return levels;
  levels = new Map();
  const decoder = new TextDecoder("gbk");
  for (let lead = 0xb0; lead <= 0xf7; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      levels.set(decoder.decode(new Uint8Array([lead, trail])), lead < 0xd8 ? 1 : 0.7);
    }
  }
  levels.delete("\ufffd");
  return levels;
}
