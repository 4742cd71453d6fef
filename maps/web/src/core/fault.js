/** A fault of an input, said in both languages, with what to do about it. */
export class Fault extends Error {
  /**
   * @param {string} zh what is wrong
   * @param {string} en
   * @param {{remedyZh?: string, remedyEn?: string, field?: string | null, value?: unknown}} [more]
   *   what to do about it, the column or box, and what stands there
   */
  constructor(zh, en, { remedyZh = "", remedyEn = "", field = null, value = null } = {}) {
    super(en);
    this.name = "Fault";
    Object.assign(this, { zh, en, remedyZh, remedyEn, field, value });
  }
}
