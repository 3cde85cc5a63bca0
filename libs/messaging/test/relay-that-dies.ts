/** A relay in a process of its own that is killed after the broker's acknowledgement, before the rows are marked. */
import { connect } from '@punchcard/database';
import { createKafka } from '../src/kafka.ts';
import { silent } from '../src/log.ts';
import { createRelay } from '../src/relay.ts';

const [databaseUrl, brokers, topicPrefix] = process.argv.slice(2) as [string, string, string];
createRelay({
  sql: connect(databaseUrl, { poolMax: 2 }),
  kafka: createKafka({ brokers, clientId: 'relay-that-dies', topicPrefix }),
  source: 'catalog',
  log: silent,
  onSent: () => {
    process.kill(process.pid, 'SIGKILL');
    return Promise.resolve();
  },
}).start();
