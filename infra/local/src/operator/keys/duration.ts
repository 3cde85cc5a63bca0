const units = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of `90d`, `24h`, `30m`, `15s` or `2w`; undefined for another form. */
export const secondsOf = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (text === '0') return 0;
  return unit === undefined ? undefined : Number(count) * units[unit as keyof typeof units];
};
