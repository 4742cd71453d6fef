const QUIET_MS = 60; // after a picture, so that a click that waits already is answered first
const LATEST_MS = 500;
const whenIdle = window.requestIdleCallback?.bind(window) ?? ((work) => setTimeout(work));
const callOff = window.cancelIdleCallback?.bind(window) ?? clearTimeout;

/**
 * Does what the first picture can go without, once the page has nothing else to do; works that are put off together
 * are done in their order.
 *
 * @param {() => void} work
 * @returns {() => void} calls it off
 */
export function later(work) {
  let timer = 0;
  let idle = 0;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(() => {
      idle = whenIdle(work, { timeout: LATEST_MS });
    }, QUIET_MS);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callOff(idle);
  };
}
