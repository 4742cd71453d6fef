/**
 * Text that a spreadsheet could run as a formula, in CSV; the rule of geo/formula.py.
 *
 * A cell that begins with one of `starts` gets a leading apostrophe, unless it is a number written
 * as text; so does one that begins with apostrophes followed by one of them, so that reading can
 * take the apostrophe off again.
 */

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * @param {string} starts characters that begin a formula
 * @returns {{harmless: (text: string) => string, bare: (text: string) => string}}
 */
export function makeGuard(starts) {
  const guarded = new RegExp(`^'*[${starts.replace(/[\\\]^-]/g, "\\$&")}]`);
  return {
    harmless: (text) => (guarded.test(text) && !NUMBER.test(text) ? `'${text}` : text),
    bare: (text) => (text.startsWith("'") && guarded.test(text) ? text.slice(1) : text),
  };
}
