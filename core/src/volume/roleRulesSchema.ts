import * as z from 'zod/mini';
import { setting } from '../settings';

const expression = setting(
  'a regular expression',
  z.string().check(z.refine(compiles, { error: whyNot }))
);
const number = setting('a number', z.number());
const count = setting('a whole number from 0', z.int().check(z.gte(0)));
const milliseconds = setting('a number of milliseconds from 0', z.number().check(z.gte(0)));

const namePattern = z.object({ pattern: expression, score: number });
const names = setting('a list of { pattern, score }', z.array(namePattern));

const roleRule = z.object({
  names,
  against: names,
  inversionTime: setting(
    'null or an object with minimum, maximum, score, penalty',
    z.nullable(
      z.object({ minimum: milliseconds, maximum: milliseconds, score: number, penalty: number })
    )
  ),
  echoTime: z.object({ minimum: milliseconds, maximum: milliseconds, score: number }),
  inversionRecovery: setting('true or false', z.boolean()),
});

/** `RoleRules` as a site may write them: any part, the rest being built in. */
export const roleRulesSchema = z.object({
  minimumImages: count,
  minimumScore: number,
  minimumLead: number,
  excludeNames: setting('a list of regular expressions', z.array(expression)),
  excludeImageTypes: setting(
    'a list of words',
    z.array(setting('a word in quotation marks', z.string()))
  ),
  derivedNames: z.object({ hydropsMi2: expression, hydrops: expression }),
  derivedPenalty: number,
  sameGridScore: number,
  roles: z.object({ mrc: roleRule, ppi: roleRule, pei: roleRule }),
});

function compiles(pattern: string): boolean {
  return whyNot({ input: pattern }) === undefined;
}

/** What the browser says of a pattern that it cannot compile. */
function whyNot({ input }: { input?: unknown }): string | undefined {
  try {
    // As recognizeRoles compiles it.
    new RegExp(String(input), 'i');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
