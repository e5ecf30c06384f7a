import versions from '../../../scripts/ohif-versions.json';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import { importDirectory, InstanceStore, type ImportReport } from '../archive';
import { CommandError } from '../errors';
import { projectRoot } from '../projectRoot';
import {
  authorizationOf,
  HEADER_OPTION,
  parseArchiveUrl,
  PASSWORD_OPTION,
  USER_OPTION,
  type ArchiveArguments,
} from '../dicomweb/archiveAddress';
import { ArchiveClient } from '../dicomweb/archiveClient';
import type { ProxyOptions } from './archiveProxy';
import { requireFreePort, startServer, viewerPath } from './server';

const DEFAULT_OHIF: string = versions.default;

interface ServeOptions extends ArchiveArguments {
  port: number;
  data: string[];
  store: string;
  realEar?: true;
  study?: string;
  ohif: string;
  backend: string;
  model?: string;
  token: string;
  log: string;
}

export function register(program: Command): void {
  program
    .command('serve')
    .description(
      'Serve the viewer with the mode "Inner Ear Hydrops" and an archive, on this machine only; prints the address that opens it.'
    )
    .option('--port <number>', 'port to listen on; 0 for any free port', portNumber, 3000)
    .addOption(
      new Option('--data <dir>', 'import the DICOM files of a directory (repeatable)')
        .argParser(collect)
        .default([], 'none')
    )
    .option('--store <dir>', 'where the embedded archive keeps its objects', '.cache/archive')
    .option(
      '--dicomweb <url>',
      'use an archive that is already running, instead of the embedded archive'
    )
    .addOption(USER_OPTION)
    .addOption(PASSWORD_OPTION)
    .addOption(HEADER_OPTION)
    .addOption(
      new Option(
        '--token <when>',
        'answer only the browser that opened the printed address: before an archive of yours (--dicomweb), or always'
      )
        .choices(['dicomweb', 'always'])
        .default('dicomweb')
    )
    .option('--study <uid>', 'Study Instance UID that the printed address opens')
    .option(
      '--real-ear',
      'demonstration study around a real ear, if its data lie beside the checkout'
    )
    .option('--ohif <version>', 'version of the prebuilt viewer', DEFAULT_OHIF)
    .addOption(
      new Option('--backend <name>', 'where the network runs')
        .choices(['auto', 'webgl', 'wasm'])
        .default('auto')
    )
    .option('--model <url>', "address of another model's manifest.json")
    .addOption(
      new Option('--log <level>', 'what is logged to standard error')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('silent')
    )
    .addHelpText('after', `\n${RESEARCH_NOTICE}`)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  await requireFreePort(options.port);
  const { archive, study } = options.dicomweb
    ? { archive: proxyOptions(options, options.dicomweb), study: options.study }
    : await embeddedArchive(options);
  const server = await startServer({
    port: options.port,
    archive,
    ohif: options.ohif,
    innerEarHydrops: {
      backend: options.backend,
      ...(options.model ? { modelUrl: options.model } : {}),
    },
    logLevel: options.log,
    // In front of an archive requests go out with the reader's log-in.
    token: options.token === 'always' || options.dicomweb !== undefined,
  });
  process.stdout.write(`${server.address(study ? viewerPath(study) : '/')}\n`);
  if (options.dicomweb !== undefined) await sayFaultOf(options, options.dicomweb);
  await interrupted();
  await server.close();
}

/** In the viewer a wrong password looks like a log-in that has run out. It may also be that the archive starts later. */
async function sayFaultOf(options: ServeOptions, url: string): Promise<void> {
  const fault = await new ArchiveClient(url, authorizationOf(options)).fault();
  if (fault) say(`The viewer will show no studies until this is put right: ${fault}`);
}

function proxyOptions(options: ServeOptions, url: string): ProxyOptions {
  parseArchiveUrl(url);
  if (options.data.length > 0 || options.realEar) {
    throw new CommandError(
      '--data and --real-ear fill the embedded archive; they cannot be used with --dicomweb.'
    );
  }
  const authorization = authorizationOf(options);
  return authorization === undefined ? { url } : { url, authorization };
}

async function embeddedArchive(
  options: ServeOptions
): Promise<{ archive: InstanceStore; study: string | undefined }> {
  const directory = resolve(
    options.store === '.cache/archive' ? projectRoot() : '.',
    options.store
  );
  const archive = await InstanceStore.open(directory, (path, message) => say(`${path} ${message}`));
  let study = options.study;
  for (const data of options.data) {
    const report = await importData(archive, data);
    study ??= report.studies[0];
  }
  if (options.data.length === 0 || options.realEar) {
    // Loaded late: a site that serves its own data never needs the phantom.
    const { addDemonstrationStudy } = await import('../phantom/demonstrationStudy');
    const demonstration = await addDemonstrationStudy(archive, {
      realEar: options.realEar === true,
      say,
    });
    study ??= demonstration;
  }
  return { archive, study };
}

async function importData(archive: InstanceStore, directory: string): Promise<ImportReport> {
  let report: ImportReport;
  try {
    report = await importDirectory(archive, directory);
  } catch (error) {
    throw new CommandError(`${directory} cannot be imported: ${(error as Error).message}`);
  }
  for (const { path, reason } of report.skipped) say(`${path} is left out: ${reason}`);
  for (const { code, message } of report.warnings) say(`${message} [${code}]`);
  if (report.studies.length === 0) {
    throw new CommandError(`${directory} holds no DICOM file that can be imported.`, 2);
  }
  say(`${directory}: ${report.stored} instances imported, ${report.identical} already there.`);
  return report;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  }
  return port;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
