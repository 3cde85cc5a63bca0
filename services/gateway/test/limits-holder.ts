/** A gateway that takes slots and never gives them back, to be killed by limits.int.test.ts. Arguments: URL, prefix, calls, lapseMs. */
import { givenLimiter } from './limits-given.ts';

const [url, keyPrefix, calls, lapseMs] = process.argv.slice(2);
const limiter = await givenLimiter(url!, keyPrefix!, { settings: { lapseMs: Number(lapseMs) } });
const subject = {
  windows: [{ policy: 'hour', key: '{p:1}:hour', quota: 10_000, windowMs: 3_600_000 }],
  slots: { key: '{p:1}:slots', limit: 10 },
};
for (let n = 0; n < Number(calls); n++) await limiter.admit(subject);
process.stdout.write('holding\n');
