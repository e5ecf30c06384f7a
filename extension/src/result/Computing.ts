import { REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { Method, Role, Warning } from '@inner-ear-hydrops/core';
import { choicesOf } from '../state/choices';
import { resultComputed, type Store } from '../state/transitions';
import type { Engine, RolesRead } from '../study/Engine';
import { READ_SHARE } from '../study/RoleReader';
import type { BackendChoice, ShownImages } from '../worker';
import type { ModelLoading } from '../study/ModelLoading';
import type { ResultHolder } from './ResultHolder';
import type { OpenResultInput } from './resultParts';
import type { Work } from './Work';

export interface ComputingParts {
  store: Store;
  work: Pick<Work, 'run' | 'progress'>;
  engine: Pick<Engine, 'compute' | 'derive'>;
  /** Reads the series of the roles. @throws RefusedInputError `series-missing` */
  read(roles: readonly Role[], method: Method, signal: AbortSignal): Promise<RolesRead>;
  /** Warnings from recognising the series. */
  roleWarnings(): Warning[];
  result: Pick<ResultHolder, 'open'>;
  showDerived(images: ShownImages, read: RolesRead): void;
  model: Pick<ModelLoading, 'needed'>;
  modelUrl: string;
  backend: BackendChoice;
}

/** The commands that compute; the outcome is in the state, as is any problem. */
export class Computing {
  constructor(private readonly parts: ComputingParts) {}

  /**
   * Reads, segments and measures.
   * @param discardUnsaved what this browser cannot keep of the result on the screen is discarded
   */
  async compute(discardUnsaved = false): Promise<void> {
    const { work, model } = this.parts;
    await work.run('compute', (stopped) =>
      model.needed(stopped, (signal) => this.steps(signal, discardUnsaved))
    );
  }

  private async steps(signal: AbortSignal, discardUnsaved: boolean): Promise<void> {
    const { store, work, engine, modelUrl, backend } = this.parts;
    const before = store.getState();
    const { method, roles, inversionTimes, earCenters } = before;
    const choices = choicesOf(before);
    const roleWarnings = this.parts.roleWarnings();
    const read = await this.parts.read(REQUIRED_ROLES[method], method, signal);
    const outcome = await engine.compute({
      read,
      modelUrl,
      backend,
      method,
      centers: Object.keys(earCenters).length > 0 ? earCenters : undefined,
      choices,
      warnings: [...roleWarnings, ...Object.values(read).flatMap(({ warnings }) => warnings)],
      signal,
      onProgress: ({ stage, fraction }) =>
        work.progress(stage, READ_SHARE + (1 - READ_SHARE) * fraction),
    });
    signal.throwIfAborted();
    const { measurement, ears, backend: used, passedOver } = outcome;
    const input: OpenResultInput = {
      read,
      prepared: outcome.images,
      held: outcome.held,
      labels: outcome.labels,
      ears,
      model: measurement.model,
      backend: used,
      measurement,
      measuredWith: { method, roles, inversionTimes, earCenters },
      edited: false,
      created: new Date(),
      representativeSlices: {},
    };
    await this.parts.result.open(input, { discardUnsaved });
    const located = ears.filter(({ side }) => !earCenters[side]);
    store.apply(
      resultComputed({
        backend: used,
        passedOver,
        model: measurement.model,
        foundEars: Object.fromEntries(located.map(({ side, center }) => [side, center])),
      })
    );
  }

  /** HYDROPS and HYDROPS-Mi2 alone, without a segmentation. */
  async createMi2(): Promise<void> {
    const { store, work, engine } = this.parts;
    await work.run('compute', async (signal) => {
      const { method } = store.getState();
      const read = await this.parts.read(REQUIRED_ROLES[method], method, signal);
      work.progress('align', 0.8);
      this.parts.showDerived(await engine.derive(read, method, signal), read);
    });
  }
}
