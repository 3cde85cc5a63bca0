import { describe, expect, it } from '@jest/globals';
import { requireFreeEmail } from './rules.ts';

describe('requireFreeEmail', () => {
  it('refuses the e-mail of another, not one’s own and not nobody’s', () => {
    expect(() => requireFreeEmail('mine', 'theirs')).toThrow('email is taken');
    expect(() => requireFreeEmail('mine', 'mine')).not.toThrow();
    expect(() => requireFreeEmail('mine', undefined)).not.toThrow();
  });
});
