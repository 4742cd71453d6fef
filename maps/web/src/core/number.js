/** Numbers as Python rounds and writes them: a tie goes to the even digit. */

const EXACT = 100; // decimals that toFixed gives, enough to tell a tie
const NEAR_TIE = 1e-3;
const LARGE = 2 ** 40; // below it a product is true to far less than that

/**
 * A number with a fixed count of decimals.
 * @param {number} value
 * @param {number} digits decimals
 * @returns {string}
 */
export function fixed(value, digits) {
  const shown = value.toFixed(digits);
  const steps = Math.abs(value) * 10 ** digits;
  if (steps < LARGE && Math.abs((steps % 1) - 0.5) > NEAR_TIE) return shown;
  const exact = value.toFixed(EXACT);
  const cut = exact.indexOf(".") + 1 + digits;
  if (!/^50*$/.test(exact.slice(cut))) return shown;
  const below = digits ? exact.slice(0, cut) : exact.slice(0, cut - 1);
  return Number(below.at(-1)) % 2 ? shown : below;
}

/**
 * A number rounded to a count of decimals.
 * @param {number} value
 * @param {number} digits
 * @returns {number}
 */
export function rounded(value, digits = 0) {
  return Number(fixed(value, digits));
}

/**
 * A number with six significant digits and no zeros at the end.
 * @param {number} value
 * @returns {string}
 */
export function general(value) {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(5).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return bare(fixed(value, 5 - power));
  return `${bare(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function bare(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * A whole number with a comma between thousands.
 * @param {number} value
 * @returns {string}
 */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
