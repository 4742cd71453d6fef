/**
 * Utilities and weights to scores and ranks, as geo/suitability/aggregation.py has them: higher is better, sums run
 * criterion by criterion. Columns hold the sites of one criterion each, in the order of their ids.
 */

const TIE = 1e-12; // scores no further apart are equal
const LOG_ZERO = -1e300; // of a utility 0: any weight makes exp 0, weight 0 leaves it out
const ALONE = ["weighted_sum", "weighted_product", "owa"]; // a site's score depends on its own utilities only

/**
 * How scores are made.
 *
 * @typedef {object} Aggregation
 * @property {"weighted_sum"|"weighted_product"|"topsis"|"owa"|"promethee"|"vikor"} method
 * @property {{normalisation?: string, order?: number[], q?: number, p?: number, v?: number}} parameters
 */

/**
 * Scores of n sites.
 *
 * @param {Aggregation} spec
 * @param {Float64Array[]} columns utilities in 0..1, one column a criterion
 * @param {number[]} weights not negative, summing to one
 * @returns {Float64Array}
 */
export function aggregate({ method, parameters }, columns, weights) {
  if (method === "weighted_sum") return weightedSum(columns, weights);
  if (method === "weighted_product") return weightedSum(columns.map((one) => one.map(logOf)), weights).map(Math.exp);
  if (method === "topsis") return topsis(columns, weights, parameters.normalisation);
  if (method === "owa") return owa(columns, weights, parameters.order);
  if (method === "promethee") return weightedSum(columns.map((one) => netFlows(one, parameters.q, parameters.p)), weights);
  if (method === "vikor") return vikor(columns, weights, parameters.v);
  throw new Error(`no such aggregation: ${method}`);
}

/**
 * What each criterion adds to the score, by criterion and site.
 *
 * @returns {Float64Array[]|null} null where a score is not a sum
 */
export function contributions({ method, parameters }, columns, weights) {
  const weighed = (parts) => parts.map((one, at) => one.map((value) => value * weights[at]));
  if (method === "weighted_sum") return weighed(columns);
  if (method === "promethee") return weighed(columns.map((one) => netFlows(one, parameters.q, parameters.p)));
  return null;
}

/**
 * Ranks from 1 for the highest score; equal scores share one (1, 2, 2, 4).
 *
 * Scores are equal that stand next to each other and differ by 1e-12 at most.
 *
 * @param {Float64Array} scores
 * @returns {Int32Array}
 */
export function ranksOf(scores) {
  const order = Uint32Array.from(scores, (_, at) => at).sort((one, other) => scores[other] - scores[one]);
  const found = new Int32Array(scores.length);
  order.forEach((at, place) => {
    const isTied = place > 0 && scores[order[place - 1]] - scores[at] <= TIE;
    found[at] = isTied ? found[order[place - 1]] : place + 1;
  });
  return found;
}

/**
 * Scores, ranks and the intervals that missing values leave open.
 *
 * @param {Aggregation} spec
 * @param {Float64Array[]} low utilities with what is missing at its worst
 * @param {Float64Array[]} high and at its best
 * @param {number[]} weights summing to one
 * @returns {{score: Float64Array, rank: Int32Array, scoreLow: Float64Array|null, scoreHigh: Float64Array|null,
 *   rankBest: Int32Array|null, rankWorst: Int32Array|null}} no intervals where only draws would tell them
 */
export function rankSites(spec, low, high, weights) {
  const score = aggregate(spec, low, weights);
  const rank = ranksOf(score);
  const isWhole = low.every((column, number) => column.every((value, at) => value === high[number][at]));
  if (!isWhole && !ALONE.includes(spec.method)) return { score, rank, scoreLow: null, scoreHigh: null, rankBest: null, rankWorst: null };
  const top = isWhole ? score : aggregate(spec, high, weights);
  const [lows, highs] = [score, top].map((one) => Float64Array.from(one).sort());
  const rankBest = Int32Array.from(top, (own) => 1 + above(lows, own));
  const rankWorst = Int32Array.from(score, (own, at) => 1 + above(highs, own) - Number(top[at] > own + TIE)); // a site is not ahead of itself
  return { score, rank, scoreLow: score, scoreHigh: top, rankBest, rankWorst };
}

/** How many of the rising scores lie above a limit. */
function above(rising, limit) {
  return rising.length - firstFrom(rising, (value) => value > limit + TIE);
}

/** Place of the first of rising numbers that holds; their count where none does. */
function firstFrom(rising, holds) {
  let [from, to] = [0, rising.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(rising[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
}

function weightedSum(columns, weights) {
  const total = columns[0].map((value) => weights[0] * value);
  for (let number = 1; number < columns.length; number += 1) {
    const [column, weight] = [columns[number], weights[number]];
    for (let at = 0; at < total.length; at += 1) total[at] += weight * column[at];
  }
  return total;
}

function logOf(value) {
  return value > 0 ? Math.log(value) : LOG_ZERO;
}

/** Ordered weighted average of criteria already weighted, from the lowest to the highest (Jiang and Eastman 2000). */
function owa(columns, weights, order) {
  const sum = order.reduce((total, one) => total + one, 0);
  const shares = order.map((one) => one * (columns.length / sum));
  return columns[0].map((_, at) => {
    const sorted = Float64Array.from(columns, (column, number) => weights[number] * column[at]).sort();
    return sorted.reduce((total, value, place) => total + shares[place] * value, 0);
  });
}

/** Closeness to the best value of each weighted, normalised criterion (Hwang and Yoon 1981). */
function topsis(columns, weights, normalisation) {
  const scaled = columns.map((one) => normalised(one, normalisation));
  const squares = weights.map((one) => one * one);
  const far = (limit) => weightedSum(scaled.map((one) => {
    const end = limit(one);
    return one.map((value) => (end - value) * (end - value));
  }), squares).map(Math.sqrt);
  const [best, worst] = [far(largest), far(smallest)];
  return best.map((value, at) => (value + worst[at] > 0 ? worst[at] / (value + worst[at]) : 0.5));
}

function normalised(column, normalisation) {
  if (normalisation === "none") return column;
  if (normalisation === "min_max") return spread(column);
  const norm = Math.sqrt(column.reduce((total, value) => total + value * value, 0));
  return column.map((value) => value / (norm > 0 ? norm : 1));
}

/** From 0 at the lowest to 1 at the highest; 0 where all are equal. */
function spread(column) {
  const lowest = smallest(column);
  const reach = largest(column) - lowest;
  return column.map((value) => (value - lowest) / (reach > 0 ? reach : 1));
}

/** One less the compromise index (Opricovic and Tzeng 2004). */
function vikor(columns, weights, v) {
  const regrets = columns.map((one) => spread(one.map((value) => -value)));
  const total = spread(weightedSum(regrets, weights));
  const most = spread(columns[0].map((_, at) => regrets.reduce((found, one, number) => Math.max(found, weights[number] * one[at]), 0)));
  return total.map((value, at) => 1 - (v * value + (1 - v) * most[at]));
}

/** Net flows of one criterion (PROMETHEE II; Brans and Vincke 1985), in -1..1. */
function netFlows(column, q, p) {
  if (column.length < 2) return new Float64Array(column.length);
  const others = column.length - 1;
  const against = preferred(column.map((value) => -value), q, p);
  return preferred(column, q, p).map((value, at) => (value - against[at]) / others);
}

/** Sum of the preferences of each site over all others. */
function preferred(column, q, p) {
  const rising = Float64Array.from(column).sort();
  const sums = new Float64Array(rising.length + 1);
  rising.forEach((value, at) => (sums[at + 1] = sums[at] + value));
  return column.map((value) => {
    const some = firstFrom(rising, (one) => one >= value - q);
    if (p === q) return some;
    const full = firstFrom(rising, (one) => one > value - p);
    const between = (some - full) * (value - q) - (sums[some] - sums[full]);
    return full + between / (p - q);
  });
}

function smallest(column) {
  return column.reduce((one, other) => Math.min(one, other), Infinity);
}

function largest(column) {
  return column.reduce((one, other) => Math.max(one, other), -Infinity);
}
