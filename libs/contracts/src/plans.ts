/** Plans of a partner, lowest first. */
export const plans = ['standard', 'professional', 'enterprise'] as const;
export type Plan = (typeof plans)[number];

export interface PlanLimits {
  callsPerHour: number;
  requestsAtOnce: number;
  recordsPerBatch: number;
}

/** Contract 1.4: what a plan allows a partner, shared by both APIs and all its keys. */
export const planLimits: Readonly<Record<Plan, PlanLimits>> = {
  standard: { callsPerHour: 2_000, requestsAtOnce: 25, recordsPerBatch: 10_000 },
  professional: { callsPerHour: 5_000, requestsAtOnce: 50, recordsPerBatch: 25_000 },
  enterprise: { callsPerHour: 10_000, requestsAtOnce: 100, recordsPerBatch: 50_000 },
};

/** Contract 1.4: limits of callers that are not the partner itself; per key, or per IP address without one. */
export const otherLimits = {
  member: { callsPerHour: 7_200, callsPerMinute: 120, requestsAtOnce: 10 },
  admin: { callsPerHour: 60_000, callsPerMinute: 1_000, requestsAtOnce: 50 },
  join: { callsPerHour: 60, callsPerMinute: 10, requestsAtOnce: 10 },
  login: { callsPerHour: 600, callsPerMinute: 30, requestsAtOnce: 10 },
  docs: { callsPerHour: 3_600, callsPerMinute: 300, requestsAtOnce: 20 },
} as const;

/** Failed authentications an IP address may have in a minute. */
export const failuresPerMinute = 30;

/** Highest and default `rate_limit` of an agent, admin or Partner API key, requests per minute. */
export const keyRateLimit = 1_000;

export const isPlanAtLeast = (plan: Plan, wanted: Plan): boolean => plans.indexOf(plan) >= plans.indexOf(wanted);
