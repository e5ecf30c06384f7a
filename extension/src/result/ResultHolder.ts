import type { Transition } from '../state/transitions';
import { OpenResult } from './OpenResult';
import type { OpenResultInput, OpenResultParts } from './resultParts';

/** The one result on the screen. */
export class ResultHolder {
  current: OpenResult | null = null;

  constructor(private readonly parts: OpenResultParts) {}

  /**
   * Shows a result in place of the previous result.
   * @param before what has happened once it can be shown, and is to be known when it is
   */
  async open(input: OpenResultInput, before?: Transition): Promise<void> {
    const result = await OpenResult.create(this.parts, input);
    if (before) this.parts.store.apply(before);
    this.dispose();
    this.current = result;
    await result.show();
  }

  dispose(): void {
    this.current?.dispose();
    this.current = null;
  }
}
