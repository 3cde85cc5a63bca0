import { describe, expect, it } from '@jest/globals';
import { isFit } from './k6-rules.ts';

describe('isFit', () => {
  it.each(['k6 v1.8.1 (go1.26.8, linux/amd64)', 'k6 v2.0.0 (commit/1234567, go1.30.0, darwin/arm64)'])(
    'takes %s',
    (told) => {
      expect(isFit(told)).toBe(true);
    },
  );

  it.each(['k6 v0.49.0 (go1.21.6, linux/amd64)', '', 'bash: k6: not found'])('does not take "%s"', (told) => {
    expect(isFit(told)).toBe(false);
  });
});
