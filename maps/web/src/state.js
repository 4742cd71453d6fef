/**
 * What the page shows, as one flat record; parts of the page listen to the keys that they need.
 */
export class State {
  #values;
  #listeners = [];

  constructor(values) {
    this.#values = { ...values };
  }

  get(key) {
    return this.#values[key];
  }

  /** A copy of everything. */
  all() {
    return { ...this.#values };
  }

  /** Sets some keys and tells, once each, the listeners of those that changed. */
  set(changes) {
    const changed = Object.keys(changes).filter((key) => !Object.is(this.#values[key], changes[key]));
    Object.assign(this.#values, changes);
    for (const { keys, listener } of [...this.#listeners]) {
      if (keys.some((key) => changed.includes(key))) listener(this);
    }
  }

  /** Calls `listener` after a change of any of `keys`; gives the function that ends this. */
  on(keys, listener) {
    const entry = { keys, listener };
    this.#listeners.push(entry);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== entry);
    };
  }
}
