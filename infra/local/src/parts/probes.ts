import { checkDatabase, connect } from '@punchcard/database';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';

/** Whether PostgreSQL answers a query. Throws or gives false while it does not. */
export const postgresAnswers = async (url: string): Promise<boolean> => {
  const sql = connect(url, { poolMax: 1, applicationName: 'punchcard-local' });
  try {
    await checkDatabase(sql);
    return true;
  } finally {
    await sql.end({ timeout: 1 });
  }
};

/** Whether Redis answers and has loaded its data. */
export const redisAnswers = async (url: string): Promise<boolean> => {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  // Without a listener, a refused connection would be an uncaught error.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } finally {
    redis.disconnect();
  }
};

/** Whether Kafka has a broker that takes part in the cluster. */
export const kafkaAnswers = async (brokers: string): Promise<boolean> => {
  const kafka = new Kafka({
    clientId: 'punchcard-local',
    brokers: brokers.split(','),
    connectionTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.brokers.length > 0 && cluster.controller !== null;
  } finally {
    await admin.disconnect();
  }
};
