/** Lists of sites made by hand, for tests. */

import { makeStore } from "../../maps/web/src/core/store.js";

/** A row of `makeStore`, with a place in a district and what `more` says otherwise. */
export function site(id, { district = "futian", lon = 114, lat = 22.5, location = {}, ...more } = {}) {
  return {
    id,
    name: `${id}地块`,
    lon,
    lat,
    field: null,
    stage: null,
    datum: "wgs84",
    datumBasis: "declared",
    notes: [],
    geometry: null,
    attributes: {},
    location: {
      district, shares: { [district ?? "outside"]: 1 }, certainty: district ? "certain" : "outside", possible: [], distance: 100, areaM2: null, lon, lat,
      ...location,
    },
    ...more,
  };
}

export const storeOf = (...rows) => makeStore(rows, { source: "手工.csv" });
