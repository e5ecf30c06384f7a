import { Option } from 'commander';
import { CommandError } from '../errors';

/** @throws CommandError when the address is not http or https. */
export function parseArchiveUrl(text: string): URL {
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Reported below.
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      `"${text}" is not the address of a DICOMweb archive; it starts with http:// or https://.`
    );
  }
  return url;
}

/** Of an address with user and password in it. */
export function authorizationIn(url: URL): string | undefined {
  if (!url.username) return undefined;
  return basicAuthorization(decodeURIComponent(url.username), decodeURIComponent(url.password));
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** An archive of the site's own, as the command line names it. */
export interface ArchiveArguments {
  dicomweb?: string;
  dicomwebUser?: string;
  dicomwebPassword?: string;
  dicomwebHeader?: string;
}

/** How a command proves itself to that archive. */
export const USER_OPTION = new Option('--dicomweb-user <name>', 'user for that archive');
export const PASSWORD_OPTION = new Option(
  '--dicomweb-password <text>',
  'its password (or set HYDROPS_DICOMWEB_PASSWORD)'
);
export const HEADER_OPTION = new Option(
  '--dicomweb-header <value>',
  'Authorization header for that archive, e.g. "Bearer …"'
);

/** The header Authorization; undefined where the archive asks for none. */
export function authorizationOf(given: ArchiveArguments): string | undefined {
  const { dicomwebHeader, dicomwebUser, dicomwebPassword } = given;
  const password = dicomwebPassword ?? process.env.HYDROPS_DICOMWEB_PASSWORD ?? '';
  return dicomwebHeader ?? (dicomwebUser ? basicAuthorization(dicomwebUser, password) : undefined);
}
