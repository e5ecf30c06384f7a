import { InvalidArgumentError, Option, type Command } from 'commander';
import { DEFAULT_METHOD, METHOD_KEYS, type Method, type Role } from '@inner-ear-hydrops/core';
import { computeStudy } from './computeStudy';
import { DEFAULT_MODEL } from '../model/modelFiles';

interface ComputeOptions {
  out?: string;
  json?: boolean;
  summary?: boolean;
  parametricMap?: boolean;
  roles: ChosenImages;
  study?: string;
  model: string;
  method: Method;
  labels?: string;
  labelNames?: string;
  names?: string[];
  quiet?: boolean;
}

/** Series Instance UID of each role, and the inversion time of its images in a series that holds several. */
interface ChosenImages {
  roles: Partial<Record<Role, string>>;
  inversionTimes: Partial<Record<Role, number>>;
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
    .option('--summary', 'also write a summary image, for workstations without SEG and SR')
    .option('--parametric-map', 'also write the unrounded values of HYDROPS-Mi2 (Parametric Map)')
    .addOption(
      new Option(
        '--roles <list>',
        'series by role: mrc=UID,ppi=UID,pei=UID; other roles are recognised; if a series was repeated, the later is ' +
          'used; UID@2250 for the images of inversion time 2250 ms, if a series holds PPI and PEI'
      )
        .argParser(parseRoles)
        .default({ roles: {}, inversionTimes: {} }, 'all recognised')
    )
    .option('--study <uid>', 'Study Instance UID, if the input holds several studies')
    .option('--model <dir or url>', 'model folder or address', DEFAULT_MODEL)
    .addOption(
      new Option('--method <name>', 'how endolymph is separated from perilymph')
        .choices(METHOD_KEYS)
        .default(DEFAULT_METHOD)
    )
    .option(
      '--labels <file>',
      'measure in the regions of this file instead of those that the model finds: NIfTI, NRRD (.seg.nrrd), DICOM SEG or RTSTRUCT'
    )
    .option(
      '--label-names <file>',
      'what the values of a NIfTI or NRRD file are: dataset.json of nnU-Net, or label descriptions of ITK-SNAP; by default the one beside the file'
    )
    .option(
      '--names <mapping...>',
      'which organ a region is whose name is not understood: "Vst_L=left vestibule", of a label without a name "1=left cochlea"'
    )
    .option('--quiet', 'no progress bar and no table')
    .addHelpText(
      'after',
      `
Writes measurement.json, segmentation.dcm, report.dcm (DICOM SR), hydrops/, hydrops-mi2/, summary.csv
and report.html into DIR; with --summary also summary.dcm (Secondary Capture), with --parametric-map
parametric-map.dcm.
In summary.csv the cells of a voided ratio are empty; the counted value is in the counted_ columns.
Exit status: 0 with a result, 2 if the input is refused, 1 if the program fails.

Examples:
  $ hydrops compute study/ --out result/
  $ hydrops compute study/ --json --roles ppi=1.2.3,pei=1.2.4
  $ hydrops compute study/ --labels study.seg.nrrd --out result/
  $ hydrops compute study/ --json --roles ppi=1.2.3@2250,pei=1.2.3@2050`
    )
    .action(async (inputs: string[], options: ComputeOptions, command: Command) => {
      if (!options.out && !options.json) {
        command.error('error: give --out DIR for the results, or --json to print them', {
          exitCode: 2,
        });
      }
      const methodChosen = command.getOptionValueSource('method') === 'cli';
      await computeStudy(inputs, { ...options, ...options.roles, methodChosen });
    });
}

function parseRoles(text: string): ChosenImages {
  const chosen: ChosenImages = { roles: {}, inversionTimes: {} };
  for (const part of text.split(',')) {
    const found = /^(mrc|ppi|pei)=([0-9.]+)(?:@(\d+(?:\.\d+)?))?$/.exec(part.replace(/\s/g, ''));
    const [, role, uid, time] = found ?? [];
    if (!role || !uid) {
      throw new InvalidArgumentError(
        `"${part}" is not mrc=UID, ppi=UID or pei=UID, nor one of these with an inversion time, ppi=UID@2250.`
      );
    }
    chosen.roles[role as Role] = uid;
    if (time) chosen.inversionTimes[role as Role] = Number(time);
  }
  return chosen;
}
