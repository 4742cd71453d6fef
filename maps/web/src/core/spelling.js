/** How words are compared: the same as `geo/spelling.py`. */

const OTHERS = /[^\p{L}\p{N}]+/gu;
const FOREIGN = /[\u0080-\u2fff\u{a000}-\u{10ffff}]/u; // neither ASCII nor Chinese
const DOTLESS = "\u0131"; // its capital is a plain I, but it does not fold to i
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const EDGES = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/**
 * Spelling without width, case, blanks and punctuation.
 * @param {string} text
 * @returns {string}
 */
export function evenOut(text) {
  return caseFold(text.normalize("NFKC")).replace(OTHERS, "");
}

/**
 * Text without blanks at its ends, or null if nothing is left.
 * @param {string|null|undefined} text
 * @returns {string|null}
 */
export function trimmed(text) {
  return (text ?? "").replace(EDGES, "") || null;
}

/** Unicode's case folding; letters one by one, so that no rule of a word's end applies. */
function caseFold(text) {
  if (!FOREIGN.test(text)) return text.toLowerCase();
  return [...text].map((mark) => (mark === DOTLESS ? mark : lower(mark.toLowerCase().toUpperCase()))).join("");
}

function lower(text) {
  return [...text].map((mark) => mark.toLowerCase()).join("");
}
