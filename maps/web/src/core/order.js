/**
 * Orders of a list by its columns. A column's order over the whole list is worked out once; a filter then
 * only picks from it.
 */

const NOTHING = 0xffffffff;

/** @typedef {{id: string, zh: string, en: string, number?: boolean}} Column */

/** Columns of the table of sites. */
export const COLUMNS = Object.freeze([
  { id: "id", zh: "编号", en: "Id" },
  { id: "name", zh: "名称", en: "Name" },
  { id: "district", zh: "区", en: "District" },
  { id: "field", zh: "产业领域", en: "Field" },
  { id: "stage", zh: "环节", en: "Stage" },
  { id: "match", zh: "符合性", en: "Fit" },
  { id: "force", zh: "依据效力", en: "Force" },
  { id: "certainty", zh: "区属把握", en: "Certainty" },
  { id: "distance", zh: "距界（米）", en: "To border (m)", number: true },
]);

/**
 * Rows in the order of places that a column gives them, those of one place as they stand in the list.
 *
 * @param {ArrayLike<number>} places of each row
 * @param {ArrayLike<number>} rankOf rank of each place
 * @param {number} ranks how many ranks there are
 * @returns {Uint32Array}
 */
export function orderByRank(places, rankOf, ranks) {
  const starts = new Uint32Array(ranks + 1);
  for (let row = 0; row < places.length; row += 1) starts[rankOf[places[row]] + 1] += 1;
  for (let rank = 0; rank < ranks; rank += 1) starts[rank + 1] += starts[rank];
  const order = new Uint32Array(places.length);
  for (let row = 0; row < places.length; row += 1) {
    const rank = rankOf[places[row]];
    order[starts[rank]] = row;
    starts[rank] += 1;
  }
  return order;
}

/**
 * Ranks of words as a reader of the language sorts them; numbers inside go by size, nothing comes last.
 *
 * @param {string[]} words
 * @param {string} lang "zh" or "en"
 * @param {boolean} [nothingLast] false: nothing comes first
 * @returns {{rankOf: Uint32Array, ranks: number}}
 */
export function rankWords(words, lang, nothingLast = true) {
  const collator = new Intl.Collator(lang === "zh" ? "zh-CN" : "en", { numeric: true });
  const isLast = (word) => nothingLast && word === "";
  const compare = (one, other) => (isLast(one) || isLast(other) ? isLast(one) - isLast(other) : collator.compare(one, other));
  const order = Uint32Array.from(words, (_, at) => at).sort((one, other) => compare(words[one], words[other]));
  const rankOf = new Uint32Array(words.length);
  let ranks = 0;
  order.forEach((at, number) => {
    if (number && compare(words[order[number - 1]], words[at]) !== 0) ranks += 1;
    rankOf[at] = ranks;
  });
  return { rankOf, ranks: words.length ? ranks + 1 : 0 };
}

/**
 * Rows by their texts: by what stands before the first number, then by the number, then by the rest. Lists are
 * numbered as a rule, and comparing each of a hundred thousand names by the rules of a language takes long.
 *
 * @param {string[]} texts
 * @param {string} lang
 * @returns {Uint32Array}
 */
export function orderByText(texts, lang) {
  const [heads, tails] = [new Pool(), new Pool()];
  const numbers = new Uint32Array(texts.length);
  texts.forEach((text, row) => {
    const [start, end] = firstNumber(text);
    heads.add(text.slice(0, start));
    numbers[row] = start === end ? 0 : Number(text.slice(start, end)) + 1;
    tails.add(text.slice(end));
  });
  let order = Uint32Array.from(texts, (_, row) => row);
  for (const keys of [tails.ranks(lang), numbers, heads.ranks(lang)]) order = sortedBy(order, keys);
  return sortedBy(order, Uint32Array.from(texts, (text) => (text === "" ? 1 : 0)));
}

/** Distinct texts, and which of them each row has. */
class Pool {
  #places = new Map();
  #texts = [];
  #at = [];

  add(text) {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#texts.push(text) - 1;
      this.#places.set(text, place);
    }
    this.#at.push(place);
  }

  /** Rank of each row's text. */
  ranks(lang) {
    const { rankOf } = rankWords(this.#texts, lang, false);
    return Uint32Array.from(this.#at, (place) => rankOf[place]);
  }
}

/** Start and end of the first run of up to nine digits. */
function firstNumber(text) {
  let start = 0;
  while (start < text.length && !isDigit(text.charCodeAt(start))) start += 1;
  let end = start;
  while (end < text.length && end - start < 9 && isDigit(text.charCodeAt(end))) end += 1;
  return [start, end];
}

function isDigit(code) {
  return code >= 48 && code <= 57;
}

/**
 * Rows by a number, the smallest first; those without one come last.
 *
 * @param {Float64Array} numbers below 0: none; others are told apart by thousandths
 * @returns {Uint32Array}
 */
export function orderByNumber(numbers) {
  const keys = Uint32Array.from(numbers, (number) => (number < 0 ? NOTHING : Math.min(NOTHING - 1, Math.round(number * 1000))));
  return sortedBy(Uint32Array.from(keys, (_, row) => row), keys);
}

/** Rows of an order sorted by keys, equal ones as they stood: two passes over the halves of the keys. */
function sortedBy(order, keys) {
  const most = keys.reduce((one, other) => Math.max(one, other), 0);
  const low = passed(order, keys, 0);
  return most > 0xffff ? passed(low, keys, 16) : low;
}

function passed(order, keys, shift) {
  const starts = new Uint32Array(0x10001);
  for (const row of order) starts[((keys[row] >>> shift) & 0xffff) + 1] += 1;
  for (let digit = 0; digit < 0x10000; digit += 1) starts[digit + 1] += starts[digit];
  const found = new Uint32Array(order.length);
  for (const row of order) {
    const digit = (keys[row] >>> shift) & 0xffff;
    found[starts[digit]] = row;
    starts[digit] += 1;
  }
  return found;
}

/**
 * Rows of an order that a mask lets through.
 *
 * @param {Uint32Array} order
 * @param {Uint8Array} mask
 * @param {number} shown how many they are
 * @param {boolean} [down] from the end
 * @returns {Uint32Array}
 */
export function picked(order, mask, shown, down = false) {
  const rows = new Uint32Array(shown);
  let at = down ? shown - 1 : 0;
  const step = down ? -1 : 1;
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place];
    if (!mask[row]) continue;
    rows[at] = row;
    at += step;
  }
  return rows;
}
