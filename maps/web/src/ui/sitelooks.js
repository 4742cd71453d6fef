import { FORCES, MATCHES, verdictColumns } from "../core/filter.js";

/** What the symbols of sites tell: "match", "force" or "rank"; a list without ranks shows the fit. */
export function siteKind(app) {
  const kind = app.state.get("siteColour");
  return kind === "rank" && (!app.ranking || app.state.get("list") !== "file") ? "match" : kind;
}

/**
 * How each site of the list on show is drawn.
 *
 * @param {object} app
 * @param {string} date
 * @returns {{codes: Uint8Array, looks: {symbol: string, colour: string, ink?: string}[], texts?: (string|null)[], sizes?: number[][]}}
 *   a look for each code; with ranks their numbers by row, and the sizes of marks that hold them
 */
export function siteLooks(app, date) {
  const { data, register, store } = app;
  const kind = siteKind(app);
  if (kind === "rank") return app.rankingParts.siteLooks(app);
  const looks = (kind === "match" ? MATCHES : FORCES).map((id) => data.classes[kind].find((one) => one.id === id) ?? data.classes[kind].at(-1));
  return { codes: verdictColumns(register, store, date)[kind], looks };
}
