import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readCaseFile } from './caseFile';
import { prepareEar, prepareHead } from './datasets';
import type { SampledImage } from './patchSampler';
import type { TrainingPlan } from './plans';

/** Every 20th case is looked at, never learnt from. */
const VALIDATION_EVERY = 20;

/** Case files read as they appear, so that training can start while cases are still simulated. */
export class CachedImages {
  readonly training: SampledImage[] = [];
  readonly validation: SampledImage[] = [];
  private readonly known = new Set<string>();

  constructor(
    private readonly folders: string[],
    private readonly plan: TrainingPlan
  ) {}

  async refresh(): Promise<void> {
    const names: string[] = [];
    for (const folder of this.folders) {
      for (const name of await readdir(folder)) {
        if (name.endsWith('.case')) names.push(path.join(folder, name));
      }
    }
    for (const name of names.sort()) {
      if (this.known.has(name)) continue;
      this.known.add(name);
      const seed = Number.parseInt(path.basename(name), 10);
      const target = seed % VALIDATION_EVERY === 0 ? this.validation : this.training;
      for (const image of await readCaseFile(name)) {
        if (this.plan.name === 'segmentation' && image.kind === 'ear') {
          const ear = prepareEar(image, this.plan);
          if (ear) target.push(ear);
        } else if (this.plan.name === 'locator' && image.kind === 'head') {
          target.push(...prepareHead(image, this.plan));
        }
      }
    }
  }
}
