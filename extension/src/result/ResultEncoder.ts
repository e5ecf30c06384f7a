import { isDerivedPart, type DerivedPart, type LabelVolume } from '@inner-ear-hydrops/core';
import type { EncodedObject, EncodedPart, Json, ResultPart } from '@inner-ear-hydrops/core/dicom';
import { chosenFindings, hasNoFindings, findingTexts, type Findings } from '../state/findingFields';
import { SAVE_ORDER } from '../state/saveParts';
import type { EncodeRequest } from '../worker';
import type { OpenResult } from './OpenResult';
import type { OpenResultInput } from './resultParts';

/** What is encoded of a result. */
export interface EncodableResult extends Pick<
  OpenResult,
  'measurement' | 'created' | 'edited' | 'settled' | 'currentLabels'
> {
  readonly input: Pick<OpenResultInput, 'backend' | 'created'> & {
    held: Pick<OpenResultInput['held'], 'encode'>;
  };
}

/** A result as it stood at one moment, whatever the reader changes in it while it is encoded. */
export type TakenResult = Pick<EncodableResult, 'input' | 'measurement' | 'created' | 'edited'> & {
  labels: LabelVolume;
  findings: Findings;
};

export interface EncoderParts {
  /** The reader's own findings. */
  findings(): Findings;
  segmentationType: EncodeRequest['segmentationType'];
}

/** Encodes results as DICOM objects, in the worker. */
export class ResultEncoder {
  /** No edit changes the derived images: a retry or a later save need not encode them again. */
  private readonly derived = new WeakMap<
    EncodableResult['input'],
    Partial<Record<DerivedPart, EncodedObject[]>>
  >();

  constructor(private readonly parts: EncoderParts) {}

  /** A result as it stands: an edit just made is measured first. @throws RefusedInputError where it cannot be. */
  async take(result: EncodableResult): Promise<TakenResult> {
    await result.settled();
    const { input, measurement, created, edited } = result;
    const [labels, findings] = [result.currentLabels(), this.parts.findings()];
    return { input, measurement, created, edited, labels, findings };
  }

  /** The DICOM SEG of a result; the same UIDs for the same result, so that a retry does not double it. */
  async segmentation(result: TakenResult): Promise<EncodedObject> {
    const [encoded] = await this.inWorker(result, ['segmentation']);
    const [segmentation] = encoded?.objects ?? [];
    if (!segmentation) throw new Error('The worker encoded no segmentation.');
    return segmentation;
  }

  /** The chosen parts of a result in the order of storing. */
  async *encode(
    result: TakenResult,
    parts: readonly ResultPart[],
    signal?: AbortSignal
  ): AsyncGenerator<EncodedPart> {
    signal?.throwIfAborted();
    const chosen = SAVE_ORDER.filter((part) => parts.includes(part));
    const firstLong = chosen.findIndex(isDerivedPart);
    const small = firstLong < 0 ? chosen : chosen.slice(0, firstLong);
    if (small.length > 0) yield* await this.inWorker(result, small, signal);
    for (const part of chosen.slice(small.length)) {
      signal?.throwIfAborted();
      if (isDerivedPart(part)) yield { part, objects: await this.derivedOf(result, part, signal) };
      else yield* await this.inWorker(result, [part], signal);
    }
  }

  private async derivedOf(
    result: TakenResult,
    kind: DerivedPart,
    signal: AbortSignal | undefined
  ): Promise<EncodedObject[]> {
    const known = this.derived.get(result.input) ?? {};
    this.derived.set(result.input, known);
    return (known[kind] ??= (await this.inWorker(result, [kind], signal))[0]?.objects ?? []);
  }

  private async inWorker(
    { input, measurement, created, labels, findings }: TakenResult,
    parts: ResultPart[],
    signal?: AbortSignal
  ): Promise<EncodedPart[]> {
    return input.held.encode(
      {
        parts,
        labels,
        measurement,
        backend: input.backend ?? undefined,
        reader: findings.reader.trim() || undefined,
        readerFields: findingTexts(findings),
        readerFindings: chosenFindings(findings),
        findings: hasNoFindings(findings) ? undefined : (findings as unknown as Json),
        segmentationType: this.parts.segmentationType,
        created,
      },
      signal
    );
  }
}
