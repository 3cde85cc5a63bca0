/** Whether `k6 version` said 1.0 or later: what our scripts are written for. */
export const isFit = (told: string): boolean => Number(/\bv(\d+)\./.exec(told)?.[1]) >= 1;
