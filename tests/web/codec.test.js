import assert from "node:assert/strict";
import { test } from "node:test";

import { inflate } from "../../maps/web/src/core/codec.js";
import { openJson, openNumbers } from "../../maps/web/src/core/columns.js";
import { pack, packText } from "./packing.js";

const unpack = async (packed, how) => (await openNumbers(packed, how))();

for (const [name, numbers] of [
  ["nothing", []],
  ["one number", [7]],
  ["signs", [0, -1, 1, -64, 64, 63, -65]],
  ["beyond 32 bits", [114_100_056_000, 2 ** 32, -(2 ** 33) - 1, 0]],
  ["the largest", [2 ** 52, 0, -(2 ** 52)]],
]) {
  test(`numbers come back: ${name}`, async () => {
    assert.deepEqual([...(await unpack(pack(numbers)))], numbers);
  });
}

test("pairs come back, each axis on its own", async () => {
  const numbers = [113_850_000_000, 22_700_000_000, 113_850_000_001, 22_699_999_999, -5, 5];
  assert.deepEqual([...(await unpack(pack(numbers, 2), { axes: 2 }))], numbers);
});

test("the differences are taken from the number before", async () => {
  // +3, -1, +200 by hand: zigzag 6, 1, 400 = 0x90 0x03
  assert.equal(Buffer.from(await inflate(pack([3, 2, 202]))).toString("hex"), "06019003");
});

test("texts come back", async () => {
  const texts = ["宝安区", "", "a\"b</script>", "𠮷"];
  assert.deepEqual((await openJson(packText(texts)))(), texts);
});

test("a hundred thousand numbers take well under a second", async () => {
  const numbers = Array.from({ length: 100_000 }, (_, at) => 1_138_500_000 + ((at * 7919) % 100_003));
  const packed = pack(numbers);
  const start = performance.now();
  assert.deepEqual([...(await unpack(packed))], numbers);
  assert.ok(performance.now() - start < 500);
});

test("what is damaged is refused", async () => {
  await assert.rejects(unpack("not base64!"));
  await assert.rejects(unpack(pack([1, 2, 3]).slice(0, 8)));
  await assert.rejects(unpack("eJxjbAAAAIQAgg=="), RangeError); // the bytes 01 80: the second number goes on
});
