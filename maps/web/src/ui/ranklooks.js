/** Dark to pale, first to last quarter of the ranked sites; each with the colour that numbers have on it. */
const QUARTERS = [["#0b4a63", "#ffffff"], ["#2a7595", "#ffffff"], ["#8fbfd4", "#14202a"], ["#dbe9ef", "#14202a"]];
const UNRANKED = { symbol: "ring", colour: "#878c92" };
const EXCLUDED = { symbol: "cross", colour: "#b3372a" };
const SHAPES = { eligible: "circle", open: "square" };
const RANKED = Object.values(SHAPES).flatMap((symbol) => QUARTERS.map(([colour, ink]) => ({ symbol, colour, ink })));
const NUMBERED = [[250, 25], [1200, 19], [5000, 11], [12000, 9], [24000, 7]]; // up to so many in the view: CSS pixels

/** The look of a site of this status and rank among so many. */
export function rankLook(status, rank, ranked) {
  if (status === "excluded") return EXCLUDED;
  return RANKED[codeOf(status, rank, ranked)];
}

/** Looks of the four quarters of a status, the first quarter first. */
export function quarterLooks(status) {
  return QUARTERS.map((_, at) => RANKED[Object.keys(SHAPES).indexOf(status) * QUARTERS.length + at]);
}

export const UNRANKED_LOOK = UNRANKED;

const known = new WeakMap();

/** How each site of the page's own list is drawn, under the weights on show; see `siteLooks` of sitelooks.js. */
export function rankLooks(app) {
  const standing = app.state.get("standing");
  if (!known.has(standing)) known.set(standing, drawn(app.ranking, standing, app.store.count));
  return known.get(standing);
}

function drawn(ranking, standing, count) {
  const codes = new Uint8Array(count);
  const texts = Array(count).fill(null);
  ranking.rows.forEach((row, at) => {
    const rank = standing.rank[at];
    codes[row] = rank === null ? 1 : 2 + codeOf(ranking.status[at], rank, ranking.ranked.length);
    if (rank !== null) texts[row] = String(rank);
  });
  return { codes, looks: [UNRANKED, EXCLUDED, ...RANKED], texts, sizes: NUMBERED };
}

function codeOf(status, rank, ranked) {
  const quarter = Math.min(QUARTERS.length - 1, Math.floor((QUARTERS.length * (rank - 1)) / ranked));
  return Object.keys(SHAPES).indexOf(status) * QUARTERS.length + quarter;
}
