import { scriptFault } from '../worker/download';
import { blockedWords, POLICY_REMEDY, type PolicyWatch } from '../worker/policy';
import type { FileFault } from './SessionFile';

/** The file is of another build than the entry. */
export class OtherBuildError extends Error {}

const REMEDY =
  'Try again. If it keeps failing, reload the page without the browser’s cache (Ctrl+Shift+R), and ask whoever runs this viewer to serve all files of extension/dist from one build. The images can be read without it.';

/**
 * Why the file at this address did not come or does not run, which the browser does not say itself: it is asked for once
 * more.
 * @param mark what the right file contains
 */
export async function fileFault(
  error: unknown,
  { url, mark, policy }: { url: string; mark: string; policy: PolicyWatch }
): Promise<FileFault> {
  const message = (words: string) => `Inner Ear Hydrops could not be loaded from ${url}: ${words}.`;
  const said = error instanceof Error ? error.message : String(error);
  if (error instanceof OtherBuildError) return { message: message(said), remedy: REMEDY };
  // A script that does not end as it should is told as such, whatever its server says.
  if (error instanceof SyntaxError) {
    return { message: message(`it is not valid JavaScript (${said})`), remedy: REMEDY };
  }
  const blocked = await policy.blocked([url]);
  if (blocked) return { message: message(blockedWords(blocked)), remedy: POLICY_REMEDY };
  const fault = await scriptFault(url, { mark });
  return { message: message(fault?.message ?? said), remedy: REMEDY };
}
