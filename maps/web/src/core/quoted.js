/** Text from a file as a message may show it: nothing in it moves a cursor or breaks a line. */

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const UNPRINTED = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const SHOWN = 80; // characters of a value
const NAMED = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** Text on one line, cut, its unseen characters written out. */
export function oneLine(text, length = SHOWN) {
  const marks = [...String(text)];
  const seen = marks.slice(0, length).join("").replace(UNSEEN, escaped);
  return marks.length <= length ? seen : `${seen}…`;
}

/** Text in quotes, as Python's `repr` has it. */
export function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replace(UNPRINTED, escaped).replaceAll(quote, `\\${quote}`) + quote;
}

function escaped(mark) {
  if (mark in NAMED) return NAMED[mark];
  const code = mark.codePointAt(0);
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
