/** Coordinates and positions as people write, copy and paste them; the rules of geo/sites/coordinate.py. */

import { arrange, isAngular, toDegrees } from "./datum.js";
import { Fault } from "./fault.js";

const SIDES = {
  E: ["lon", 1], W: ["lon", -1], N: ["lat", 1], S: ["lat", -1],
  东经: ["lon", 1], 西经: ["lon", -1], 北纬: ["lat", 1], 南纬: ["lat", -1],
};
const SIDE = "东经|西经|北纬|南纬|[EWNS]";
const SIDE_FIRST = new RegExp(`^(${SIDE})(.*)$`, "is");
const SIDE_LAST = new RegExp(`^(.*?)(${SIDE})$`, "is");
const TWO_SIDES_FIRST = new RegExp(`^((?:${SIDE}).+?)((?:${SIDE}).+)$`, "is");
const TWO_SIDES_LAST = new RegExp(`^(.+?(?:${SIDE}))(.+(?:${SIDE}))$`, "is");
const LABEL = /(经度|纬度|longitude|latitude|lng|lon|lat|[xyen](?=\s*[:=]))["\s]*[:=]?/gi;

const NUMBER = "\\d+(?:\\.\\d*)?|\\.\\d+";
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const GROUPED = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const SEXAGESIMAL = new RegExp(
  `^(?<sign>[-+]?)(?<degrees>${NUMBER})\\s*(?:°|度|:|\\s)\\s*` +
    `(?:(?<minutes>${NUMBER})\\s*(?:'|分|:|\\s|$)\\s*)?` +
    `(?:(?<seconds>${NUMBER})\\s*(?:"|''|秒|$)?)?$`,
);
const DEGREE_MARK = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)\s*[°度]/g;
const MARKS = { "′": "'", "’": "'", "‘": "'", "´": "'", "″": '"', "”": '"', "“": '"', "−": "-", "˚": "°", º: "°" };

/**
 * A coordinate, and the axis that a hemisphere names.
 *
 * @param {string | number} given decimal degrees or metres, or degrees-minutes-seconds; full-width
 *   digits and grouped thousands are understood
 * @returns {{value: number, axis: "lon" | "lat" | null}}
 * @throws {Fault} if it is missing, no finite number, or minutes or seconds reach 60
 */
export function readCoordinate(given) {
  if (typeof given === "number") {
    if (!Number.isFinite(given)) throw notANumber(given);
    return { value: given, axis: null };
  }
  const text = tidy(given);
  if (!text) {
    throw new Fault("缺少坐标", "the coordinate is missing", {
      remedyZh: "请填写十进制度",
      remedyEn: "fill in decimal degrees",
    });
  }
  const { rest, axis, sign } = withoutSide(text);
  const bare = GROUPED.test(rest) ? rest.replaceAll(",", "") : rest;
  const plain = bare.replace(/[°度]+$/, "").trim();
  const value = DECIMAL.test(plain) ? Number(plain) : fromSexagesimal(bare, given);
  if (!Number.isFinite(value)) throw notANumber(given);
  return { value: sign * value, axis };
}

/**
 * A position: two coordinates with a comma, semicolon, blank, tab or nothing but their hemispheres
 * between them.
 *
 * Hemispheres and names of axes decide which is which. Without them, latitude before longitude,
 * or north before east, is recognised where the other order cannot be, and said.
 *
 * @param {string} given
 * @param {string} datum id of `DATUMS`
 * @returns {{x: number, y: number, swapped: boolean}} longitude and latitude, or metres east and
 *   north; `swapped` where the order was recognised by the size of the numbers
 * @throws {Fault}
 */
export function readPosition(given, datum) {
  const text = tidy(given).replace(/^point\s*\(([^()]*)\)$/i, "$1").replace(/^[\s()[\]{}"',;]+|[\s()[\]{},;]+$/g, "");
  if (!text) throw missing();
  const parts = labelled(text) ?? halves(text);
  if (!parts) throw notAPair(given);
  const [one, other] = parts.map(({ text: part, axis }) => {
    const read = readCoordinate(part);
    return { value: read.value, axis: axis ?? read.axis };
  });
  if (one.axis && one.axis === other.axis) throw sameAxis(given);
  const found =
    one.axis === "lat" || other.axis === "lon"
      ? { x: other.value, y: one.value, swapped: false }
      : one.axis || other.axis
        ? { x: one.value, y: other.value, swapped: false }
        : arrange(one.value, other.value, datum);
  refuseMisfit(found.x, found.y, datum, given);
  return found;
}

/** Text with one kind of each mark, half-width digits and no blanks around it. */
function tidy(given) {
  const replaced = (text) => text.replace(/[′’‘´″”“−˚º]/g, (mark) => MARKS[mark]);
  return replaced(replaced(String(given ?? "")).normalize("NFKC")).trim();
}

/** The text without the hemisphere at its start or end. */
function withoutSide(text) {
  for (const [pattern, side, rest] of [
    [SIDE_FIRST, 1, 2],
    [SIDE_LAST, 2, 1],
  ]) {
    const found = pattern.exec(text);
    if (found) {
      const [axis, sign] = SIDES[found[side].toUpperCase()];
      return { rest: found[rest].replace(/^[ :]+|[ :]+$/g, ""), axis, sign };
    }
  }
  return { rest: text, axis: null, sign: 1 };
}

/** Degrees, minutes and seconds as degrees. */
function fromSexagesimal(text, given) {
  const found = SEXAGESIMAL.exec(text)?.groups;
  if (!found) throw notANumber(given);
  const [degrees, minutes, seconds] = [found.degrees, found.minutes, found.seconds].map((part) => Number(part ?? 0));
  if (minutes >= 60 || seconds >= 60 || (degrees % 1 && (minutes || seconds))) {
    throw new Fault("分、秒应小于 60", "minutes and seconds must be below 60", {
      value: given,
      remedyZh: "请写成 113°50′42″ 或十进制度",
      remedyEn: "write 113°50′42″ or decimal degrees",
    });
  }
  return (found.sign === "-" ? -1 : 1) * (degrees + minutes / 60 + seconds / 3600);
}

/** Two coordinates that each follow the name of their axis; x and y say nothing, for surveyors have them the other way round. */
function labelled(text) {
  const labels = [...text.matchAll(LABEL)];
  if (labels.length !== 2) return null;
  const [first, second] = labels;
  const pieces = [text.slice(first.index + first[0].length, second.index), text.slice(second.index + second[0].length)];
  return pieces.map((piece, at) => ({
    text: piece.replace(/^[\s,;"&]+|[\s,;"&]+$/g, ""),
    axis: axisOf(labels[at][1]),
  }));
}

function axisOf(label) {
  if (/^[xy]$/i.test(label)) return null;
  return /^(纬|la|n)/i.test(label) ? "lat" : "lon";
}

/** The two coordinates of a text without names of axes; null where there are not two. */
function halves(text) {
  const found =
    two(text.split(/[,;、|\s]+/)) ??
    two(text.split(/[;、|\t\r\n]+/)) ??
    two(text.split(/,\s+/)) ??
    two(text.split(",")) ??
    bySides(text) ??
    byDegreeMarks(text) ??
    byBlanks(text);
  return found && found.map((part) => ({ text: part, axis: null }));
}

function two(parts) {
  const filled = parts.map((part) => part.trim()).filter((part) => part);
  return filled.length === 2 ? filled : null;
}

function bySides(text) {
  return two((TWO_SIDES_FIRST.exec(text) ?? TWO_SIDES_LAST.exec(text) ?? []).slice(1));
}

function byDegreeMarks(text) {
  const marks = [...text.matchAll(DEGREE_MARK)];
  return marks.length === 2 ? two([text.slice(0, marks[1].index), text.slice(marks[1].index)]) : null;
}

function byBlanks(text) {
  const words = text.split(/\s+/);
  if (![2, 4, 6].includes(words.length)) return null;
  return [words.slice(0, words.length / 2).join(" "), words.slice(words.length / 2).join(" ")];
}

/** Throws where a position cannot be what the datum says. */
function refuseMisfit(x, y, datum, given) {
  if (isAngular(datum)) {
    if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return;
    const metric = Math.max(Math.abs(x), Math.abs(y)) >= 10_000;
    throw new Fault("经纬度超出范围", "longitude or latitude is out of range", {
      value: given,
      remedyZh: metric ? "若为米制坐标，请在旁边选择 EPSG:4547" : "请检查数字",
      remedyEn: metric ? "for metres choose EPSG:4547 beside the box" : "check the numbers",
    });
  }
  const [lon, lat] = toDegrees(x, y);
  const degrees = Math.abs(x) <= 180 && Math.abs(y) <= 180;
  const zone = [x, y].some((number) => number >= 38e6 && number < 39e6);
  if (!degrees && !zone && Number.isFinite(lon) && Number.isFinite(lat)) return;
  throw new Fault("坐标与 EPSG:4547 不符", "the coordinates do not fit EPSG:4547", {
    value: given,
    remedyZh: degrees
      ? "数字像经纬度：请在旁边选择 WGS84、GCJ-02 等"
      : zone
        ? "东坐标带有带号 38（EPSG:4526）：请去掉开头的 38"
        : "请检查坐标系",
    remedyEn: degrees
      ? "these look like degrees: choose WGS84, GCJ-02 or another beside the box"
      : zone
        ? "the east coordinate carries the zone number 38 (EPSG:4526): leave out the leading 38"
        : "check the coordinate system",
  });
}

function notANumber(value) {
  return new Fault("坐标不是数字", "the coordinate is not a number", {
    value,
    remedyZh: "请填写十进制度、度分秒（如 113°50′42″）或米制坐标",
    remedyEn: "fill in decimal degrees, degrees-minutes-seconds such as 113°50′42″, or metres",
  });
}

const PAIR_REMEDY = {
  remedyZh: "请写成“经度,纬度”，如 113.85,22.70",
  remedyEn: "write longitude and latitude with a comma between, such as 113.85,22.70",
};

function missing() {
  return new Fault("缺少坐标", "the position is missing", PAIR_REMEDY);
}

function notAPair(value) {
  return new Fault("坐标不是两个数字", "the position is not two numbers", { value, ...PAIR_REMEDY });
}

function sameAxis(value) {
  return new Fault("两个数字属于同一坐标轴", "both numbers belong to the same axis", {
    value,
    remedyZh: "经度用东经（E）或西经（W），纬度用北纬（N）或南纬（S）",
    remedyEn: "give E or W for the longitude, N or S for the latitude",
  });
}
