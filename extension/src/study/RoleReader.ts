import { RefusedInputError, wishFor } from '@inner-ear-hydrops/core';
import type { Method, Role } from '@inner-ear-hydrops/core';
import type { Engine, RolesRead } from './Engine';

/** Share of the progress bar that reading the images takes. */
export const READ_SHARE = 0.25;

export interface RoleReaderParts {
  engine: Pick<Engine, 'readSeries'>;
  /** Display set of each role now. */
  roles(): Record<Role, string | null>;
  /** Milliseconds: of roles for which the reader has chosen some of a series' images. */
  inversionTimes(): Partial<Record<Role, number>>;
  onProgress(fraction: number): void;
}

/** Reads the series that play a role, each once in a stay in the mode. */
export class RoleReader {
  constructor(private readonly parts: RoleReaderParts) {}

  /**
   * The images of the given roles, each series read once; of several kinds those that the method wants.
   * @throws RefusedInputError `series-missing` naming every missing role.
   */
  async readRoles(roles: readonly Role[], method: Method, signal: AbortSignal): Promise<RolesRead> {
    const assigned = this.parts.roles();
    const missing = roles.filter((role) => !assigned[role]);
    if (missing.length > 0) {
      const names = new Intl.ListFormat('en').format(missing.map((role) => role.toUpperCase()));
      throw new RefusedInputError(
        'series-missing',
        `No series of this study was recognised as ${names}.`,
        `In the list above, choose the series for ${names}, or load a study that has it.`,
        { roles: missing.join(',') }
      );
    }
    const read: RolesRead = {};
    for (const [index, role] of roles.entries()) {
      const report = (share: number) =>
        this.parts.onProgress((READ_SHARE * (index + share)) / roles.length);
      report(0);
      const wish = wishFor(role, method, this.parts.inversionTimes()[role]);
      const displaySet = assigned[role] as string;
      read[role] = await this.parts.engine.readSeries(displaySet, wish, signal, report);
    }
    return read;
  }
}
