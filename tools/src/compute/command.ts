import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Method, Role } from '@inner-ear-hydrops/core';
import { computeStudy } from './computeStudy';
import { DEFAULT_MODEL } from '../model/modelFiles';

interface ComputeOptions {
  out?: string;
  json?: boolean;
  summary?: boolean;
  roles: Partial<Record<Role, string>>;
  study?: string;
  model: string;
  method: Method;
  quiet?: boolean;
}

/** `hydrops compute INPUT… --out DIR` */
export function register(program: Command): void {
  program
    .command('compute')
    .description(
      'Measure endolymphatic hydrops in one study of DICOM files, without a browser.\n' +
        'For research use only. Not for clinical use.'
    )
    .argument(
      '<input...>',
      'directory (searched recursively, other series are ignored) or DICOM files'
    )
    .option('--out <dir>', 'directory for the results')
    .option('--json', 'print the measurement as JSON on standard output')
    .option('--summary', 'write a summary image, too, for workstations without SEG and SR')
    .option(
      '--roles <list>',
      'series by role: mrc=UID,ppi=UID,pei=UID; the others are recognised, the later of a repeated one',
      parseRoles,
      {}
    )
    .option('--study <uid>', 'Study Instance UID, when the input holds several studies')
    .option('--model <dir or url>', 'model folder or address', DEFAULT_MODEL)
    .addOption(
      new Option('--method <name>', 'how endolymph is told from perilymph')
        .choices(['hydrops-mi2', 'hydrops2-mi2', 'real-ir'])
        .default('hydrops-mi2')
    )
    .option('--quiet', 'no progress bar and no table')
    .addHelpText(
      'after',
      `
Writes measurement.json, segmentation.dcm, report.dcm (DICOM SR), hydrops/, hydrops-mi2/, summary.csv
and report.html into DIR; with --summary also summary.dcm (Secondary Capture).
In summary.csv a ratio that a warning voids has empty cells; what was counted stands in counted_ columns.
Exit status: 0 with a result, 2 when the input is refused, 1 for a failure of the program.

Examples:
  $ hydrops compute study/ --out result/
  $ hydrops compute study/ --json --roles ppi=1.2.3,pei=1.2.4`
    )
    .action(async (inputs: string[], options: ComputeOptions, command: Command) => {
      if (!options.out && !options.json) {
        command.error('error: say where the results go: --out DIR, or --json to print them', {
          exitCode: 2,
        });
      }
      const methodChosen = command.getOptionValueSource('method') === 'cli';
      await computeStudy(inputs, { ...options, methodChosen });
    });
}

function parseRoles(text: string): Partial<Record<Role, string>> {
  const roles: Partial<Record<Role, string>> = {};
  for (const part of text.split(',')) {
    const [role, uid, ...rest] = part.split('=').map((word) => word.trim());
    if (!/^(mrc|ppi|pei)$/.test(role) || !/^[0-9.]+$/.test(uid ?? '') || rest.length > 0) {
      throw new InvalidArgumentError(`"${part}" is not mrc=UID, ppi=UID or pei=UID.`);
    }
    roles[role as Role] = uid;
  }
  return roles;
}
