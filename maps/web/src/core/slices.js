/** Long work in short slices, so that the page stays responsive and the work can be stopped. */

const SLICE_MS = 24;

/** Thrown where work was stopped. */
export class Stopped extends Error {}

/**
 * Runs a generator to its end.
 *
 * @template T
 * @param {Generator<number, T>} work gives how far it is, now and then
 * @param {{onProgress?: (done: number) => void, signal?: AbortSignal, slice?: number}} [how] `slice`: milliseconds at a stretch
 * @returns {Promise<T>}
 * @throws {Stopped} after `signal` was aborted
 */
export async function run(work, { onProgress = () => {}, signal = null, slice = SLICE_MS } = {}) {
  let until = performance.now() + slice;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    onProgress(step.value);
    await breath();
    if (signal?.aborted) throw new Stopped();
    until = performance.now() + slice;
  }
}

/** The end of this turn of the event loop. */
function breath() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
