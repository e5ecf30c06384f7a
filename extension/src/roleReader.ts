import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { Role, StudySeries } from '@inner-ear-hydrops/core';
import { readSeries, type ReadResult } from './reading';
import { ROLES } from './roles';
import type { DisplaySet } from './hostTypes';
import type { HydropsSession } from './session';

/** Share of the progress bar that reading the images takes. */
export const READ_SHARE = 0.25;

/** Reads the series that play a role, each once in a stay in the mode. */
export class RoleReader {
  private readonly read = new Map<string, ReadResult>();

  constructor(private readonly session: HydropsSession) {}

  /**
   * The images of the given roles, each series read once.
   * @throws RefusedInputError `series-missing` naming every missing role.
   */
  async readRoles(
    roles: readonly Role[],
    signal: AbortSignal
  ): Promise<Partial<Record<Role, ReadResult>>> {
    const missing = roles.filter((role) => !this.session.assignment.roles[role]);
    if (missing.length > 0) {
      const names = new Intl.ListFormat('en').format(missing.map((role) => role.toUpperCase()));
      throw new RefusedInputError(
        'series-missing',
        `No series of this study was recognised as ${names}.`,
        `Choose the role ${names} for the right series in the list above, or load a study that holds it.`,
        { roles: missing.join(',') }
      );
    }
    const result: Partial<Record<Role, ReadResult>> = {};
    for (const [index, role] of roles.entries()) {
      const uid = this.session.assignment.roles[role] as string;
      const displaySet = this.session.services.displaySetService.getDisplaySetByUID(
        uid
      ) as DisplaySet;
      const known = this.read.get(uid);
      const report = (share: number) =>
        this.session.progress('read', (READ_SHARE * (index + share)) / roles.length);
      report(0);
      const header = this.session.assignment.headers.get(uid);
      if (!known && !header) throw new Error(`No header of display set ${uid}`);
      result[role] =
        known ??
        (await readSeries(displaySet, header as NonNullable<typeof header>, {
          dataSource: this.session.dataSource(),
          signal,
          timeout: this.session.config.archiveTimeout,
          onImage: (done, total) => report(done / total),
        }));
      this.read.set(uid, result[role] as ReadResult);
    }
    return result;
  }

  clear(): void {
    this.read.clear();
  }
}

export function seriesOf(read: Partial<Record<Role, ReadResult>>): StudySeries {
  const series: StudySeries = {};
  for (const role of ROLES) {
    const one = read[role];
    if (one) series[role] = one.series;
  }
  return series;
}
