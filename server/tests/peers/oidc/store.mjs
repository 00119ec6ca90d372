// What the provider remembers: clients, sessions, grants, codes. In memory, shared by every Provider instance
// of this process, so that a rotation of keys ends no session.
//
// `Adapter` is what oidc-provider asks for (one per model, `this.model` is its name). It leaves out expiry:
// the models check their own `exp`, and a test's process does not live long enough to fill up.

const rows = new Map();
const keyOf = (model, id) => `${model}:${id}`;

/** Every row of one model. */
export const all = (model) =>
  [...rows].filter(([key]) => key.startsWith(`${model}:`)).map(([, payload]) => structuredClone(payload));

/** Puts a row in place, or replaces it. */
export const put = (model, id, payload) => void rows.set(keyOf(model, id), structuredClone(payload));

/** One row, or undefined. */
export const get = (model, id) => structuredClone(rows.get(keyOf(model, id)));

export class Adapter {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload) {
    put(this.model, id, payload);
  }

  async find(id) {
    return get(this.model, id);
  }

  async findByUid(uid) {
    return all(this.model).find((payload) => payload.uid === uid);
  }

  async findByUserCode(code) {
    return all(this.model).find((payload) => payload.userCode === code);
  }

  async consume(id) {
    rows.get(keyOf(this.model, id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    rows.delete(keyOf(this.model, id));
  }

  /** Everything a grant led to, of this model. oidc-provider asks each model's adapter in turn. */
  async revokeByGrantId(grantId) {
    for (const [key, payload] of rows) {
      if (key.startsWith(`${this.model}:`) && payload.grantId === grantId) rows.delete(key);
    }
  }
}
