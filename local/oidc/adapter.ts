import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  readonly payload: AdapterPayload;
  readonly until: number;
}

/** A store in memory for one provider: everything is gone when the stack stops. */
export function memoryAdapter(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();

  return (model) => {
    const key = (id: string) => `${model}:${id}`;
    const find = (id: string) => {
      const entry = entries.get(key(id));
      if (entry && entry.until <= Date.now()) entries.delete(key(id));
      return entry && entry.until > Date.now() ? entry.payload : undefined;
    };
    const first = (test: (payload: AdapterPayload) => boolean) => {
      for (const [name, entry] of entries)
        if (name.startsWith(`${model}:`) && entry.until > Date.now() && test(entry.payload)) return entry.payload;
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        entries.set(key(id), { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY });
      },
      find: async (id) => find(id),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (code) => first((payload) => payload.userCode === code),
      consume: async (id) => {
        const payload = find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        entries.delete(key(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [name, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(name);
      },
    };
  };
}
