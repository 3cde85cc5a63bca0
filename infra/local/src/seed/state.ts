import { randomBytes } from 'node:crypto';
import { readJson, writePrivateJson } from '../state/json-file.ts';

/** How far the sample data are. Secrets are shown once, so each is kept here as soon as it is known. */
export type SeedState = {
  /** The database cluster that holds the data; another one begins anew. */
  cluster: string;
  /** Begins every Idempotency-Key, so that an attempt that was interrupted goes on instead of doubling. */
  run: string;
  /** The data end at this instant. */
  anchor: string;
  isDone: boolean;
  adminKey: string | null;
  /** By slug, then by what the secret is for. */
  secrets: Record<string, Record<string, string>>;
};

export type SeedProgress = {
  readonly state: SeedState;
  /** The secret of that name, made by `make` if it is not known yet. */
  secret(slug: string, name: string, make: () => Promise<string>): Promise<string>;
  save(change: Partial<SeedState>): void;
};

const fresh = (cluster: string): SeedState => ({
  cluster,
  run: randomBytes(6).toString('hex'),
  anchor: new Date().toISOString(),
  isDone: false,
  adminKey: null,
  secrets: {},
});

/** The state kept in `file`, if it is about this cluster; else a new one. */
export const loadSeedState = (file: string, cluster: string): SeedProgress => {
  const kept = readJson<SeedState>(file);
  let state = kept?.cluster === cluster ? kept : fresh(cluster);
  const save = (change: Partial<SeedState>) => {
    state = { ...state, ...change };
    writePrivateJson(file, state);
  };
  return {
    get state() {
      return state;
    },
    save,
    secret: async (slug, name, make) => {
      const known = state.secrets[slug]?.[name];
      if (known) return known;
      const made = await make();
      save({ secrets: { ...state.secrets, [slug]: { ...state.secrets[slug], [name]: made } } });
      return made;
    },
  };
};
