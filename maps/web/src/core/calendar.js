/** Days as whole numbers, and the spans of documents on a line of days. No DOM. */

const DAY = 86_400_000;
const ISO = /^\d{4}-\d{2}-\d{2}$/;

/** Day number of an ISO date. */
export function dayNumber(iso) {
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
}

/** ISO date of a day number. */
export function isoOf(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Whether a text is a date of the calendar. */
export function isDate(text) {
  return ISO.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && isoOf(dayNumber(text)) === text;
}

/**
 * The line of days that shows every document: whole years, one year of air at its end.
 *
 * @param {{from: string|null, to: string|null, published: string|null}[]} instruments
 * @param {string[]} days further days that must be on it
 * @returns {{first: number, last: number}} day numbers
 */
export function lineOf(instruments, days) {
  const known = [...instruments.flatMap((one) => [one.from, one.to, one.published]), ...days].filter(Boolean).sort();
  const [first, last] = [known[0], known.at(-1)].map((one) => Number(one.slice(0, 4)));
  return { first: dayNumber(`${first}-01-01`), last: dayNumber(`${last + 1}-12-31`) };
}

/**
 * Lanes of documents in which no two spans overlap, earlier ones first.
 *
 * @param {{from: string|null, to: string|null}[]} instruments those without a first day are left out
 * @returns {object[][]} instruments by lane
 */
export function lanesOf(instruments) {
  const lanes = [];
  const dated = instruments.filter((one) => one.from).sort((one, other) => (one.from < other.from ? -1 : 1));
  for (const one of dated) {
    const lane = lanes.find((held) => held.at(-1).to && held.at(-1).to < one.from);
    if (lane) lane.push(one);
    else lanes.push([one]);
  }
  return lanes;
}

/**
 * Days on which the force of some document changes.
 *
 * @param {{from: string}[]} regimes in order, the first from the beginning of time
 * @returns {string[]}
 */
export function turnsOf(regimes) {
  return regimes.slice(1).map((one) => one.from);
}

/** The turn before (-1) or after (1) a day, or null. */
export function nextTurn(turns, date, direction) {
  const rest = direction < 0 ? turns.filter((one) => one < date).reverse() : turns.filter((one) => one > date);
  return rest[0] ?? null;
}
