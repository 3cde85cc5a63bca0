import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultFolder, repository } from '../folders.ts';
import type { Note } from '../progress.ts';
import { need, run } from './commands.ts';

const pom = join(repository, 'infra', 'local', 'kafka', 'pom.xml');

const why =
  'Kafka needs Java 17 or newer, and Maven to fetch it once. Instead you can set KAFKA_BROKERS, or start Docker.';

const download = async (libs: string, note: Note): Promise<void> => {
  let files = 0;
  const args = ['-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`, '-DincludeScope=runtime'];
  note('fetching Apache Kafka from Maven Central (43 MB, once)');
  await run('mvn', args, {
    onLine: (line) => {
      if (/\bDownloaded from\b.*\.jar\b/.test(line)) note(`fetching Apache Kafka: ${++files} files`);
    },
  });
};

/** The folder with Kafka's jars: fetched once for all stacks of this clone, and again when the pom has changed. */
export const kafkaLibs = async (note: Note): Promise<string> => {
  await need({ command: 'java', debianPackage: 'default-jre-headless', why }, note);
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const libs = join(defaultFolder, `kafka-libs-${version}`);
  if (existsSync(libs)) return libs;
  await need({ command: 'mvn', debianPackage: 'maven', why }, note);
  // Renamed when it is whole: a start that was interrupted, or one beside this, leaves no half of it.
  const unfinished = `${libs}.${process.pid}`;
  mkdirSync(defaultFolder, { recursive: true });
  try {
    await download(unfinished, note);
    if (!existsSync(libs)) renameSync(unfinished, libs);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return libs;
};
