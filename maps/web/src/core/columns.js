import { inflate } from "./codec.js";

/**
 * Columns of a packed list: their bytes are inflated at once, their numbers and words are
 * read when first asked for, so that the first picture waits for positions only.
 */

const HEAD = 60; // characters within which the head of packed numbers ends

/** A function that makes its value at the first call and keeps it. */
export function once(make) {
  let made;
  let done = false;
  return () => {
    if (!done) {
      made = make();
      done = true;
    }
    return made;
  };
}

/**
 * A column that names one of few values for each row.
 *
 * @typedef {object} Choice
 * @property {() => any[]} values each distinct value once
 * @property {() => Uint8Array|Uint16Array|Uint32Array} at place of each row's value among them
 */

/**
 * Opens a column of few distinct values.
 *
 * @param {{values: any[]|string, at: string|null}} packed values as JSON or deflated JSON; without `at` all rows hold the first
 * @param {number} count rows
 * @returns {Promise<Choice>}
 */
export async function openChoice(packed, count) {
  const [values, read] = await Promise.all([openJson(packed.values), packed.at === null ? null : openPacked(packed.at)]);
  const at = once(() => {
    const Kind = indexKind(values().length);
    return read ? read(Kind, count, 1) : new Kind(count);
  });
  return { values, at };
}

/**
 * Opens a column of whole numbers.
 *
 * @param {string} packed
 * @param {object} [how]
 * @param {number|null} [how.count] how many they are, null for as many as there are
 * @param {Function} [how.Kind] typed array that holds them
 * @param {number} [how.parts] each number is divided by this
 * @param {1|2} [how.axes] 2: pairs, each axis with differences of its own
 * @returns {Promise<() => Float64Array>}
 */
export async function openNumbers(packed, { count = null, Kind = Float64Array, parts = 1, axes = 1 } = {}) {
  const read = await openPacked(packed);
  return once(() => {
    const found = read(Kind, count, axes);
    if (parts !== 1) for (let at = 0; at < found.length; at += 1) found[at] /= parts;
    return found;
  });
}

/**
 * Opens a list of numbers, which stand in differences or, with a head `width,smallest,step:`, in planes.
 *
 * @param {string} packed
 * @returns {Promise<(Kind: Function, count: number|null, axes: number) => object>}
 */
async function openPacked(packed) {
  const colon = packed.slice(0, HEAD).indexOf(":");
  const bytes = await inflate(packed.slice(colon + 1));
  if (colon < 0) return (Kind, count, axes) => wholeNumbers(bytes, Kind, count ?? countOf(bytes), axes);
  const [width, smallest, step] = packed.slice(0, colon).split(",").map(Number);
  return (Kind, count) => planes(bytes, Kind, { count: count ?? bytes.length / width, width, smallest, step });
}

/** Numbers whose lowest bytes come first, all of them, then the next higher ones. */
function planes(bytes, Kind, { count, width, smallest, step }) {
  if (bytes.length !== count * width) throw new RangeError("packed numbers: not as many as there should be");
  const found = new Kind(count);
  for (let row = 0; row < count; row += 1) {
    let number = 0;
    for (let plane = width - 1; plane >= 0; plane -= 1) number = number * 256 + bytes[plane * count + row];
    found[row] = smallest + step * number;
  }
  return found;
}

/**
 * Opens JSON that stands as it is or deflated.
 *
 * @param {any} packed text is deflated JSON
 * @returns {Promise<() => any>}
 */
export async function openJson(packed) {
  if (typeof packed !== "string") return () => packed;
  const bytes = await inflate(packed);
  return once(() => JSON.parse(new TextDecoder().decode(bytes)));
}

/**
 * A column of texts.
 *
 * @typedef {object} Texts
 * @property {(row: number) => string} of
 * @property {() => string[]} all
 */

/**
 * Opens a column of texts: a list, or one head and a number for each.
 *
 * @param {string|string[]|{head: string, digits: number, numbers: string}} packed
 * @param {number} count rows
 * @returns {Promise<Texts>}
 */
export async function openTexts(packed, count) {
  if (typeof packed === "string" || Array.isArray(packed)) {
    const all = await openJson(packed);
    return { of: (row) => all()[row], all };
  }
  const { head, digits } = packed;
  const numbers = await openNumbers(packed.numbers, { count });
  const of = (row) => head + String(numbers()[row]).padStart(digits, "0");
  return { of, all: once(() => Array.from({ length: count }, (_, row) => of(row))) };
}

/** The column of values held in memory. */
export function choiceOf(values) {
  const places = new Map();
  const distinct = [];
  const found = new Uint32Array(values.length);
  values.forEach((value, row) => {
    const key = typeof value === "object" && value !== null ? `\u0000${JSON.stringify(value)}` : value;
    let place = places.get(key);
    if (place === undefined) {
      place = distinct.length;
      places.set(key, place);
      distinct.push(value);
    }
    found[row] = place;
  });
  const at = indexKind(distinct.length).from(found);
  return { values: () => distinct, at: () => at };
}

function indexKind(size) {
  if (size <= 256) return Uint8Array;
  return size <= 65536 ? Uint16Array : Uint32Array;
}

function countOf(bytes) {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count += 1;
  return count;
}

/**
 * Running sums of packed differences. A difference of up to 28 bits is put together with
 * integers, which is what nearly all are; a longer one with floating point.
 */
function wholeNumbers(bytes, Kind, count, axes) {
  const found = new Kind(count);
  const size = bytes.length;
  let sum = 0;
  let other = 0;
  let at = 0;
  for (let row = 0; row < count; row += 1) {
    let bits = 0;
    let shift = 0;
    let byte = 128;
    while (at < size && shift < 28) {
      byte = bytes[at];
      at += 1;
      bits |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) break;
    }
    let step;
    if (byte < 128) {
      step = (bits >>> 1) ^ -(bits & 1);
    } else {
      let number = bits;
      let scale = 2 ** shift;
      while (at < size && byte > 127) {
        byte = bytes[at];
        at += 1;
        number += (byte & 127) * scale;
        scale *= 128;
      }
      if (byte > 127) throw new RangeError("packed numbers: fewer than there should be");
      step = number % 2 ? -(number + 1) / 2 : number / 2;
    }
    const next = sum + step;
    found[row] = next;
    sum = axes === 2 ? other : next;
    other = next;
  }
  if (at !== size) throw new RangeError("packed numbers: more than there should be");
  return found;
}
