import { makeSchema } from "../../maps/web/src/core/schema.js";

/** A schema of few columns, in the shape of the page's data. */
export const SCHEMA = makeSchema({
  site_columns: {
    id: ["编号"], name: ["名称"], lon: ["经度", "lng"], lat: ["纬度"], x: ["X坐标"], y: ["Y坐标"], wkt: ["几何"],
    position: ["坐标", "高德坐标"], field: ["产业领域"], stage: ["环节"], datum: ["坐标系"], district: ["所在区"],
  },
  position_datums: { 高德坐标: "gcj02" },
  datum_spellings: { wgs84: "wgs84", cgcs2000: "cgcs2000", gcj02: "gcj02", bd09: "bd09" },
  datum_names: { wgs84: "WGS84", cgcs2000: "CGCS2000", gcj02: "GCJ-02", bd09: "BD-09" },
  column_names: { field: "产业领域", stage: "环节" },
  rejected: ["rejected_row", "rejected_line", "rejected_reason_zh", "rejected_reason_en"],
  table: ["id", "name", "lon", "lat", "match"],
  formula_starts: "=+-@\t\r\n＝＋－＠",
  limits: { rows: 50, columns: 20, vertices: 40 },
});

/** What a generator gives at its end. */
export function ended(work) {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** Text as the bytes of UTF-8. */
export const utf8 = (text) => new TextEncoder().encode(text);
