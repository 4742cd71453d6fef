/**
 * A ranking of the page's sites: what the command line found, and the order that other weights give.
 *
 * Sites count from 0 in the order of their ids, in which everything is reckoned.
 */

import { openJson } from "./columns.js";
import { contributions, rankSites } from "./rank.js";

const DIGITS = 2; // decimals of a weight in percent, as it is shown, linked and copied

/** Opens the packed ranking of the page's data. */
export async function decodeRanking(packed) {
  return new Ranking((await openJson(packed))());
}

/**
 * The order of the sites under some weights.
 *
 * @typedef {object} Standing
 * @property {boolean} changed whether the weights are not the model's
 * @property {number[]} weights of the criteria, summing to one
 * @property {boolean} intervals whether the intervals hold for these weights
 * @property {(number|null)[]} score by site; null where it is excluded, as in the lists that follow
 * @property {(number|null)[]} scoreLow
 * @property {(number|null)[]} scoreHigh
 * @property {(number|null)[]} rank
 * @property {(number|null)[]} rankBest
 * @property {(number|null)[]} rankWorst
 * @property {number[]} order sites by rank, then id; the excluded ones last
 */

export class Ranking {
  #low;
  #high;
  #given;
  #parts = new WeakMap();

  /** @param {object} data as geo/webmap/ranking.py makes it */
  constructor(data) {
    const { sites } = data;
    this.data = data;
    this.criteria = data.criteria;
    this.constraints = data.constraints;
    this.ids = sites.id;
    this.rows = sites.row;
    this.count = sites.id.length;
    this.byRow = new Map(sites.row.map((row, at) => [row, at]));
    this.status = opened(sites.status, this.count);
    /** Sites that take part, in the order of their ids. */
    this.ranked = indices(this.count).filter((at) => this.status[at] !== "excluded");
    const columns = (name) => sites.criteria.map((one) => Float64Array.from(this.ranked, (at) => one[name][at]));
    [this.#low, this.#high] = [columns("low"), columns("high")];
    this.#given = this.#asGiven();
  }

  /** Lowest and highest score of a bar: those of the method; of OWA, whose scores may exceed 1, those there are. */
  get range() {
    const { method } = this.data.aggregation;
    if (method === "promethee") return [-1, 1];
    return [0, method === "owa" ? Math.max(1, ...this.ranked.map((at) => this.#given.scoreHigh[at])) : 1];
  }

  /** Weights of the model in percent, by criterion. */
  get modelWeights() {
    return Object.fromEntries(this.criteria.map(({ id, weight }) => [id, percent(weight)]));
  }

  /**
   * Weights as the page keeps them: null where they are the model's.
   *
   * @param {Record<string, number>} weights by criterion, not negative, on any scale
   * @returns {Record<string, number>|null|undefined} undefined for weights that cannot be used
   */
  settled(weights) {
    const own = this.modelWeights;
    const found = Object.fromEntries(Object.keys(own).map((id) => [id, Number(Number(weights[id]).toFixed(DIGITS))]));
    const list = Object.values(found);
    if (!list.every((one) => Number.isFinite(one) && one >= 0) || !list.some((one) => one > 0)) return undefined;
    return Object.keys(own).every((id) => found[id] === own[id]) ? null : found;
  }

  /**
   * The order under some weights.
   *
   * @param {Record<string, number>|null} weights by criterion, on any scale; null for the model's
   * @returns {Standing}
   */
  standing(weights = null) {
    if (!weights) return this.#given;
    const raw = this.criteria.map(({ id }) => weights[id]);
    const total = raw.reduce((sum, one) => sum + one, 0);
    const shares = raw.map((one) => one / total);
    const found = rankSites(this.data.aggregation, this.#low, this.#high, shares);
    const spread = (list) => {
      const all = Array(this.count).fill(null);
      if (list) this.ranked.forEach((at, place) => (all[at] = list[place]));
      return all;
    };
    return this.#ordered({
      changed: true, weights: shares, intervals: found.scoreLow !== null,
      score: spread(found.score), scoreLow: spread(found.scoreLow), scoreHigh: spread(found.scoreHigh),
      rank: spread(found.rank), rankBest: spread(found.rankBest), rankWorst: spread(found.rankWorst),
    });
  }

  /** All of a site under a standing, as the ranking document has it. */
  site(at, standing) {
    const { sites } = this.data;
    const parts = this.#partsOf(standing);
    const best = standing.order.length && standing.rank[standing.order[0]] !== null ? standing.order[0] : null;
    const take = (column) => valueAt(column, at);
    return {
      at, id: this.ids[at], row: this.rows[at], status: this.status[at],
      rank: standing.rank[at], score: standing.score[at], scoreLow: standing.scoreLow[at], scoreHigh: standing.scoreHigh[at],
      rankBest: standing.rankBest[at], rankWorst: standing.rankWorst[at], intervalBasis: take(sites.interval_basis),
      first: this.first(at, standing), expectedRank: standing.changed ? null : sites.expected_rank[at], confidence: standing.changed ? null : sites.confidence[at],
      dominatedBy: take(sites.dominated_by), next: take(sites.next), explanation: take(sites.explanation),
      constraints: this.constraints.map((rule, number) => {
        const held = sites.constraints[number];
        return {
          rule, result: take(held.result), measured: held.measured[at], threshold: held.threshold[at], margin: held.margin[at],
          unit: take(held.unit), sliver: held.sliver_m2[at], feature: take(held.feature), note: take(held.note),
          change: take(held.change), override: take(held.override),
        };
      }),
      criteria: this.criteria.map((rule, number) => {
        const held = sites.criteria[number];
        return {
          rule, value: take(held.value), utility: held.low[at], low: held.low[at], high: held.high[at],
          missing: held.low[at] !== held.high[at], feature: take(held.feature), note: take(held.note),
          weight: standing.weights[number], contribution: parts.of(number, at),
        };
      }),
      best,
      waterfall: standing.rank[at] === null || best === null ? [] : this.criteria.map((rule, number) => ({
        rule, difference: parts.additive
          ? parts.of(number, at) - parts.of(number, best)
          : standing.weights[number] * (sites.criteria[number].low[at] - sites.criteria[number].low[best]),
      })),
      waterfallExact: parts.additive,
    };
  }

  /** How many of the ranked sites have no value of a criterion. */
  missing(number) {
    return this.#low[number].reduce((count, low, place) => count + Number(low !== this.#high[number][place]), 0);
  }

  /** Constraints of a site that have this result. */
  withResult(at, result) {
    return this.constraints.filter((_, number) => valueAt(this.data.sites.constraints[number].result, at) === result);
  }

  /** Whether a rule of a site was decided by hand. */
  overridden(at) {
    return this.data.sites.constraints.some(({ override }) => valueAt(override, at) !== null);
  }

  /** Share of the draws in which a site comes first; null where none were made, as for weights that were changed. */
  first(at, standing) {
    return standing.changed ? null : this.data.sites.first[at];
  }

  #asGiven() {
    const { sites } = this.data;
    return this.#ordered({
      changed: false, weights: this.criteria.map(({ weight }) => weight), intervals: true,
      score: sites.score, scoreLow: sites.score_low, scoreHigh: sites.score_high,
      rank: sites.rank, rankBest: sites.rank_best, rankWorst: sites.rank_worst,
    });
  }

  #ordered(standing) {
    const place = (at) => standing.rank[at] ?? Infinity;
    const order = indices(this.count).sort((first, second) => (place(first) === place(second) ? first - second : place(first) - place(second)));
    return { ...standing, order };
  }

  /** Contributions of the criteria under a standing, if they add up to the score. */
  #partsOf(standing) {
    if (!this.#parts.has(standing)) {
      const found = this.ranked.length ? contributions(this.data.aggregation, this.#low, standing.weights) : null;
      const places = new Map(this.ranked.map((at, place) => [at, place]));
      const of = (number, at) => (found && places.has(at) ? found[number][places.get(at)] : null);
      this.#parts.set(standing, { additive: found !== null, of });
    }
    return this.#parts.get(standing);
  }
}

/** A weight in percent, as it is shown and linked. */
export function percent(weight) {
  return Number((100 * weight).toFixed(DIGITS));
}

/** Value of a column that names each of its values once. */
function valueAt({ values, at }, place) {
  return values[at ? at[place] : 0] ?? null;
}

function opened(column, count) {
  return indices(count).map((place) => valueAt(column, place));
}

function indices(count) {
  return Array.from({ length: count }, (_, at) => at);
}
