import { describe, expect, it } from '@jest/globals';
import { errorForLog } from './log.ts';

describe('errorForLog', () => {
  it('shows type, message, code and causes, and no values that a driver hung on', () => {
    const row = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint_name: 'members_email',
      table_name: 'members',
      detail: 'Key (email)=(ann@example.com) already exists.',
      parameters: ['ann@example.com'],
    });

    const shown = errorForLog(new Error('could not save', { cause: row }));

    expect(shown).toMatchObject({
      message: 'could not save',
      cause: { message: 'duplicate key', code: '23505', constraint: 'members_email', table: 'members' },
    });
    expect(JSON.stringify(shown)).not.toContain('ann@example.com');
  });

  it('ends where causes go round', () => {
    const error = new Error('round');
    error.cause = error;

    expect(JSON.stringify(errorForLog(error)).split('"message":"round"')).toHaveLength(7);
  });

  it('takes what is no error', () => {
    expect(errorForLog('a text')).toEqual({ message: 'a text' });
  });
});
