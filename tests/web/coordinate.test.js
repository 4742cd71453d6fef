import assert from "node:assert/strict";
import { test } from "node:test";

import { readCoordinate, readPosition } from "../../maps/web/src/core/coordinate.js";
import { Fault } from "../../maps/web/src/core/fault.js";

/** Whether a thrown fault says what is wrong, in both languages, and what to do. */
function isFault(fault, words, remedy = /./) {
  assert.ok(fault instanceof Fault);
  assert.match(fault.zh, words);
  assert.match(fault.remedyZh, remedy);
  assert.ok(fault.en && fault.remedyEn && fault.message === fault.en);
  return true;
}

for (const [text, value, axis = null] of [
  [113.85, 113.85],
  ["113.85", 113.85],
  [" +113.85 ", 113.85],
  [".5", 0.5],
  ["1e5", 100_000],
  ["113.85°", 113.85],
  ["１１３．８５", 113.85],
  ["−113.5", -113.5],
  ["2,494,242.6", 2_494_242.6],
  ["113°50′42″E", 113.845, "lon"],
  ["113º50'42\"", 113.845],
  ["113° 50′ 42 ″ e", 113.845, "lon"],
  ["113°50’42’’E", 113.845, "lon"],
  ["１１３°５０′４２″Ｅ", 113.845, "lon"],
  ["113度50分42秒", 113.845],
  ["东经113度50分42秒", 113.845, "lon"],
  ["北纬22度42分", 22.7, "lat"],
  ["东经：113.5", 113.5, "lon"],
  ["E 113.5", 113.5, "lon"],
  ["西经113.5", -113.5, "lon"],
  ["0.5S", -0.5, "lat"],
  ["南纬0.5", -0.5, "lat"],
  ["113 50 42", 113.845],
  ["-113:50:42", -113.845],
  ["113°50.7′", 113.845],
]) {
  test(`the coordinate ${JSON.stringify(text)}`, () => {
    const found = readCoordinate(text);
    assert.ok(Math.abs(found.value - value) < 1e-12, `${found.value}`);
    assert.equal(found.axis, axis);
  });
}

for (const [text, words] of [
  ["", /缺少坐标/],
  ["  ", /缺少坐标/],
  [null, /缺少坐标/],
  ["abc", /不是数字/],
  ["113,5", /不是数字/],
  ["1_0", /不是数字/],
  ["inf", /不是数字/],
  ["1e999", /不是数字/],
  [NaN, /不是数字/],
  ["E", /不是数字/],
  ["113°50′42″E 22°42′N", /不是数字/],
  ["113°60′00″", /小于 60/],
  ["113°50′60″", /小于 60/],
  ["113.5°30′", /小于 60/],
  ["<img src=x onerror=alert(1)>", /不是数字/],
]) {
  test(`no coordinate: ${JSON.stringify(text)}`, () => {
    assert.throws(() => readCoordinate(text), (fault) => isFault(fault, words));
  });
}

const DMS = [113.845, 22.7];
for (const [text, [x, y], swapped = false] of [
  ["113.93,22.53", [113.93, 22.53]],
  ["113.93，22.53", [113.93, 22.53]],
  ["(113.93 , 22.53)", [113.93, 22.53]],
  ["（113.93、22.53）", [113.93, 22.53]],
  ["[113.93, 22.53]", [113.93, 22.53]],
  ["113.93;22.53", [113.93, 22.53]],
  ["113.93\t22.53", [113.93, 22.53]],
  ["113.93\r\n22.53\r\n", [113.93, 22.53]],
  ["113.93 22.53", [113.93, 22.53]],
  ["113.93,22.53,", [113.93, 22.53]],
  ["1.1393e2, 22.53", [113.93, 22.53]],
  ["22.53,113.93", [113.93, 22.53], true],
  ["22.53 113.93", [113.93, 22.53], true],
  ["22°42′0″ 113°50′42″", DMS, true],
  ["113°50′42″E 22°42′0″N", DMS],
  ["22°42′0″N, 113°50′42″E", DMS],
  ["113° 50′ 42″ E, 22° 42′ 0″ N", DMS],
  ["113° 50′ 42″ E 22° 42′ 0″ N", DMS],
  ["N 22° 42′ 0″ E 113° 50′ 42″", DMS],
  ["N22°42′0″E113°50′42″", DMS],
  ["东经113度50分42秒北纬22度42分", DMS],
  ["北纬22°42′，东经113°50′42″", DMS],
  ["经度：113.845，纬度：22.7", DMS],
  ["纬度 22.7 经度 113.845", DMS],
  ["lat=22.7&lng=113.845", DMS],
  ['{"lng": 113.845, "lat": 22.7}', DMS],
  ["113 50 42, 22 42 0", DMS],
  ["113 50 42 22 42 0", DMS],
  ["113:50:42,22:42:00", DMS],
  ["113° 50′ 42″ 22° 42′", DMS],
  ["113°50′42″22°42′", DMS],
  ["113.845E 22.7", DMS],
  ["22.7 113.845E", DMS],
  ["22.7N 113.845", DMS],
  ["113.845° 22.7°", DMS],
  ["-58.4,-34.6", [-58.4, -34.6]],
]) {
  test(`the position ${JSON.stringify(text)}`, () => {
    const found = readPosition(text, "gcj02");
    assert.ok(Math.abs(found.x - x) < 1e-12 && Math.abs(found.y - y) < 1e-12, JSON.stringify(found));
    assert.equal(found.swapped, swapped);
  });
}

for (const [text, swapped = false] of [
  ["505426.338, 2494242.655"],
  ["505,426.338 2,494,242.655"],
  ["505,426.338, 2,494,242.655"],
  ["505426.338\t2494242.655"],
  ["2494242.655, 505426.338", true],
  ["2,494,242.655; 505,426.338", true],
  ["2494242.655 505426.338", true],
  ["X=2494242.655, Y=505426.338", true],
  ["Y：505426.338 X：2494242.655"],
  ["E=505426.338 N=2494242.655"],
  ["N: 2494242.655, E: 505426.338"],
]) {
  test(`the metres ${JSON.stringify(text)}`, () => {
    assert.deepEqual(readPosition(text, "epsg:4547"), { x: 505426.338, y: 2494242.655, swapped });
  });
}

for (const [text, datum, words, remedy] of [
  ["", "wgs84", /缺少坐标/, /经度,纬度/],
  [" ( ) ", "wgs84", /缺少坐标/, /经度,纬度/],
  ["113.93", "wgs84", /不是两个数字/, /经度,纬度/],
  ["113.93,22.53,12", "wgs84", /不是两个数字/, /经度,纬度/],
  ["宝安区", "wgs84", /不是两个数字/, /经度,纬度/],
  ["113.93,abc", "wgs84", /不是数字/, /十进制度/],
  ["113.93E,22.53E", "wgs84", /同一坐标轴/, /北纬/],
  ["经度 113.93 经度 22.53", "wgs84", /同一坐标轴/, /北纬/],
  ["113.93N,22.53E", "wgs84", /超出范围/, /检查/],
  ["190,22", "gcj02", /超出范围/, /检查/],
  ["505426.338,2494242.655", "wgs84", /超出范围/, /4547/],
  ["113.93,22.53", "epsg:4547", /不符/, /WGS84/],
  ["38505426.338,2494242.655", "epsg:4547", /不符/, /38/],
  ["9e9,2494242", "epsg:4547", /不符/, /检查/],
]) {
  test(`no position in ${datum}: ${JSON.stringify(text)}`, () => {
    assert.throws(() => readPosition(text, datum), (fault) => isFault(fault, words, remedy));
  });
}
