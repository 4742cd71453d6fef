import { rankSites } from "./core/rank.js";
import { decodeRanking } from "./core/ranking.js";
import { legendPart } from "./ui/ranklegend.js";
import { rankLooks } from "./ui/ranklooks.js";
import { printedRanking, rankingSource } from "./ui/rankprint.js";
import { standingWords } from "./ui/rankwords.js";
import { mount } from "./ui/ranking.js";
import { suitability, suitabilityText } from "./ui/suitability.js";

/** What a page with a ranking has beside main.js: the ranking, and the parts of the page that show it. */
async function open(packed) {
  return {
    ranking: await decodeRanking(packed),
    legendPart, mount, printedRanking, rankingSource, siteLooks: rankLooks, standingWords, suitability, suitabilityText,
  };
}

Object.assign(window.parksite, {
  rankingParts: open(window.PARKSITE.ranking),
  /** What tests ask. */
  rankSites: (spec, low, high, weights) => rankSites(spec, ...[low, high].map((columns) => columns.map((one) => Float64Array.from(one))), weights),
});
