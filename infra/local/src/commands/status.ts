import Table from 'cli-table3';
import { partTitles } from '../parts/part.ts';
import type { PartName } from '../parts/part.ts';
import { kafkaAnswers, postgresAnswers, redisAnswers } from '../parts/probes.ts';
import { readPidFile } from '../processes/pid-files.ts';
import { runningFacts, supervisorOf } from '../processes/supervisor.ts';
import { urlOf } from '../stack/environment.ts';
import type { StackFacts } from '../stack/environment.ts';
import { serviceNames } from '../stack/services.ts';
import type { CommonOptions } from './options.ts';
import { foldersFrom } from './options.ts';

type Line = { name: string; title: string; address: string; isReady: boolean };

const answers = async (probe: Promise<boolean>): Promise<boolean> => {
  try {
    return await probe;
  } catch {
    return false;
  }
};

const serviceReady = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;

const partLines = ({ postgresUrl, redisUrl, kafkaBrokers }: StackFacts): Promise<Line>[] => {
  const probes: [PartName, string, Promise<boolean>][] = [
    ['postgres', new URL(postgresUrl).host, postgresAnswers(postgresUrl)],
    ['redis', new URL(redisUrl).host, redisAnswers(redisUrl)],
    ['kafka', kafkaBrokers, kafkaAnswers(kafkaBrokers)],
  ];
  return probes.map(async ([name, address, probe]) => ({
    ...{ name, address, title: partTitles[name] },
    isReady: await answers(probe),
  }));
};

const serviceLines = ({ ports }: StackFacts): Promise<Line>[] =>
  serviceNames.map(async (name) => ({
    ...{ name, title: name, address: urlOf(name, ports) },
    isReady: await answers(serviceReady(urlOf(name, ports))),
  }));

/** Shows whether each part and service answers. Exit code 0 only if all do. */
export const status = async (options: CommonOptions): Promise<number> => {
  const folders = foldersFrom(options);
  const facts = runningFacts(folders);
  if (!facts) {
    const isStarting = supervisorOf(folders) !== undefined;
    console.log(isStarting ? 'Punchcard is starting.' : 'Punchcard is not running. Start it: npm start');
    return 1;
  }
  const lines = await Promise.all([...partLines(facts), ...serviceLines(facts)]);
  const table = new Table({ head: ['What', 'State', 'Address', 'Pid'], style: { head: [], border: [] } });
  for (const { name, title, address, isReady } of lines) {
    table.push([title, isReady ? 'ready' : 'NOT READY', address, readPidFile(folders.run, name)?.pid ?? '–']);
  }
  console.log(table.toString());
  return lines.every(({ isReady }) => isReady) ? 0 : 1;
};
