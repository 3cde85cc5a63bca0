import { z } from 'zod';

/**
 * Reads the environment through one schema.
 * @throws Error that names every bad variable at once, never its value
 */
export function loadConfig<S extends z.ZodType>(schema: S, source: NodeJS.ProcessEnv = process.env): z.output<S> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  throw new Error(`The environment is not right:\n${z.prettifyError(result.error)}`);
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const SECRET = /^[\w-]+:.{32,}$/;

/** Variables that several services read, so that they mean the same everywhere. Secrets and addresses have no default. */
export const env = {
  port: (initially: number) => z.coerce.number().int().min(0).max(65_535).default(initially),
  host: z.string().min(1).default('127.0.0.1'),
  postgresUrl: z.url({ protocol: /^postgres(ql)?$/ }),
  redisUrl: z.url({ protocol: /^rediss?$/ }),
  httpUrl: z.url({ protocol: /^https?$/ }),
  brokers: list.pipe(z.array(z.string()).min(1)),
  topicPrefix: z.string().min(1).default('punchcard'),
  /** How long a write waits for its mark, and a request for a copy that is behind. */
  copiesWaitMs: z.coerce.number().int().positive().default(1_000),
  pepper: z.string().min(32),
  positive: (initially: number) => z.coerce.number().int().positive().default(initially),
  flag: (initially: boolean) =>
    z
      .enum(['true', 'false'])
      .default(initially ? 'true' : 'false')
      .transform((value) => value === 'true'),
  list,
  /** `kid:secret[,kid:secret]`; the first signs, all of them verify. */
  callerSecrets: list
    .pipe(z.array(z.string().regex(SECRET, 'must be kid:secret, the secret of 32 characters or more')).min(1))
    .transform((pairs) =>
      pairs.map((pair) => {
        const at = pair.indexOf(':');
        return { kid: pair.slice(0, at), secret: pair.slice(at + 1) };
      }),
    ),
} as const;

const logging = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** `LOG_LEVEL`, which every process reads in the same way. */
export const logLevel = (): string => loadConfig(logging).LOG_LEVEL;
