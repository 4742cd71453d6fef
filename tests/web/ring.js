/** The extent of GCJ-02, from the one place where it is written. */

import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../../geo/crs/shift.py", import.meta.url), "utf8");

export const RING = /RING[^=]*= \(([^)]*)\)/
  .exec(source)[1]
  .split(",")
  .filter((number) => number.trim())
  .map(Number);
