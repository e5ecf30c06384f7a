/** A coded concept (PS3.3 8.1). */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

/** Designator of the private scheme, declared in each object that uses it. */
export const PRIVATE_SCHEME = '99IEH';

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
export const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
export const own = (value: string, meaning: string): Code => ({
  value,
  scheme: PRIVATE_SCHEME,
  meaning,
});
