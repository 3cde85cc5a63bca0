import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../folders.ts';
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
      // "[INFO] Downloaded from …" while it fetches, "[INFO] Copying …" for each file that is there.
      if (/\bDownloaded from\b.*\.jar\b/.test(line)) note(`fetching Apache Kafka: ${++files} files`);
    },
  });
};

/** The folder with Kafka's jars; fetched once, and again when the pom has changed. */
export const kafkaLibs = async (folder: string, note: Note): Promise<string> => {
  await need({ command: 'java', debianPackage: 'default-jre-headless', why }, note);
  const libs = join(folder, 'libs');
  const stamp = join(folder, 'libs.version');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return libs;
  await need({ command: 'mvn', debianPackage: 'maven', why }, note);
  const unfinished = `${libs}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await download(unfinished, note);
  rmSync(libs, { recursive: true, force: true });
  renameSync(unfinished, libs);
  writeFileSync(stamp, version);
  return libs;
};
