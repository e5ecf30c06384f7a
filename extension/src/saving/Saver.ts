import { isDerivedPart, RefusedInputError } from '@inner-ear-hydrops/core';
import { isSameObject } from '@inner-ear-hydrops/core/dicom';
import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import {
  archiveName,
  canStoreTogether,
  fetchInstance,
  listedInstances,
  postFiles,
} from '../archive';
import { isEmptyReading } from '../readingFields';
import { messageOf } from '../host';
import type { HydropsSession } from '../session';
import type { OpenResult } from '../openResult';
import type { SaveItem } from '../state';
import { encodeParts, segmentationOf, type EncodedPart } from './encodeResult';
import { itemOf, objectProblem, rejected, unfinished, type PartFailure } from './saveMessages';
import { Keeper } from './Keeper';
import type { KeptResult } from './keptResults';
import { listStored } from './listStored';
import { SAVE_ORDER } from './parts';
import { storeObjects, type StoreTarget } from './storeObjects';

/** The reader's work is kept this long after the last change. */
const DRAFT_DELAY_MS = 2000;

/**
 * Stores the results of one stay in a mode, keeps in the browser what no archive has confirmed, and
 * says in the state how far it is.
 */
export class Saver {
  readonly keeper: Keeper;
  /** SOP Instance UIDs that the archive has confirmed. */
  private readonly confirmed = new Set<string>();
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly controller = new AbortController();

  constructor(private readonly session: HydropsSession) {
    this.keeper = new Keeper(session.service, session.config.keepUnsaved);
  }

  /** Ends what is running; what is not confirmed stays in the browser. */
  end(): void {
    clearTimeout(this.draftTimer);
    this.controller.abort();
    this.keeper.end();
  }

  /**
   * Stores the chosen parts of a result.
   * @returns a sentence for the reader.
   * @throws RefusedInputError `archive-…` naming what was not stored and why.
   */
  async save(result: OpenResult): Promise<string> {
    const { saveParts } = this.session.service.getState();
    const parts = SAVE_ORDER.filter((part) => saveParts[part]);
    if (parts.length === 0) {
      throw new RefusedInputError(
        'nothing-chosen',
        'No part of the result is chosen for saving.',
        'Choose at least one part in the list under Save results, then save again.'
      );
    }
    clearTimeout(this.draftTimer);
    const encoded: EncodedPart[] = [];
    const { signal } = this.controller;
    for await (const part of encodeParts(this.session, result, parts, signal)) encoded.push(part);
    const kept = await this.keeper.keepSave(studyOf(this.session), encoded, result);
    return this.store(encoded, kept);
  }

  /** Finishes a save that this browser has kept. @throws RefusedInputError as `save` does. */
  async resume(id: string): Promise<string> {
    const kept = await this.keeper.read(id);
    if (!kept) {
      throw new RefusedInputError(
        'not-kept',
        'This browser does not keep that result any more: it was saved or discarded in another tab.',
        'Look for it among the stored results.'
      );
    }
    return this.store(kept.parts, kept.result);
  }

  /** Keeps the reader's work a moment after it has changed. */
  resultChanged(): void {
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => void this.keepDraft(), DRAFT_DELAY_MS);
  }

  private async keepDraft(): Promise<void> {
    const { result, service } = this.session;
    if (!result) return;
    const { reading, save } = service.getState();
    const isWork = result.edited || !isEmptyReading(reading) || result.hasChosenSlices();
    if (!isWork || save.status === 'saved' || save.status === 'saving') return;
    try {
      const segmentation = await segmentationOf(this.session, result);
      await this.keeper.keepDraft(studyOf(this.session), segmentation, result);
    } catch (error) {
      // Without a voxel there is no segmentation to keep; the archive refuses it with the same words.
      console.warn('Inner Ear Hydrops: the work since the last save is not kept:', error);
    }
  }

  private async store(parts: EncodedPart[], kept: KeptResult | null): Promise<string> {
    const items = parts.map(itemOf);
    const show = () =>
      this.session.service.update({ saveItems: items.map((item) => ({ ...item })) });
    const failures: PartFailure[] = [];
    const stored: EncodedObject[] = [];
    try {
      for (const [index, { part, objects }] of parts.entries()) {
        const item = items[index] as SaveItem;
        item.status = 'storing';
        show();
        const waiting = await this.notYetConfirmed(part, objects);
        const onStored = (object: EncodedObject) => {
          this.confirmed.add(object.sopInstanceUid);
          item.stored++;
          if (kept) void this.keeper.confirmed(kept.id, object.sopInstanceUid);
          show();
        };
        for (const object of objects) if (!waiting.includes(object)) onStored(object);
        const missed = await storeObjects(this.target(), waiting, {
          attempts: this.session.config.storeAttempts,
          together: canStoreTogether(this.session.services, this.session.dataSource()),
          signal: this.controller.signal,
          onStored,
        });
        if (item.stored > 0) stored.push(...objects.slice(0, 1));
        item.problems = missed.map(objectProblem);
        item.status = missed.length > 0 ? 'failed' : 'stored';
        show();
        failures.push(...missed.map((failure) => ({ ...failure, part })));
        // What follows would refer to, or be announced beside, something that is missing.
        if (missed.length > 0) break;
      }
    } catch (error) {
      const running = items.find(({ status }) => status === 'storing');
      if (running) {
        running.status = 'failed';
        running.problems = [messageOf(error)];
      }
      show();
      throw unfinished(error, items);
    } finally {
      if (!this.controller.signal.aborted) await listStored(this.session, stored);
    }
    if (failures.length > 0) throw rejected(failures, items, this.archive());
    if (kept) await this.keeper.saved(kept);
    return `Saved in ${this.archive()}: ${items.map(({ label }) => label).join(', ')}.`;
  }

  /** Objects that the archive need not be sent: those it has confirmed, and images that it lists. */
  private async notYetConfirmed(
    part: EncodedPart['part'],
    objects: EncodedObject[]
  ): Promise<EncodedObject[]> {
    const waiting = objects.filter(({ sopInstanceUid }) => !this.confirmed.has(sopInstanceUid));
    // Derived images have UIDs of their pixels: the same images of an earlier result are the same.
    if (waiting.length === 0 || !isDerivedPart(part)) return waiting;
    const listed = await this.listed(waiting);
    const first = waiting.find(({ sopInstanceUid }) => listed.has(sopInstanceUid));
    if (!first || !(await this.target().holds(first))) return waiting;
    return waiting.filter(({ sopInstanceUid }) => !listed.has(sopInstanceUid));
  }

  private target(): StoreTarget {
    const { services, config } = this.session;
    const dataSource = this.session.dataSource();
    return {
      post: (objects) =>
        postFiles(
          services,
          dataSource,
          objects.map(({ file }) => file),
          nameOf(objects),
          config.archiveTimeout
        ),
      holds: async (object) => {
        try {
          const held = await fetchInstance(
            services,
            dataSource,
            {
              studyInstanceUID: String(object.dataset['StudyInstanceUID']),
              seriesInstanceUID: object.seriesInstanceUid,
              sopInstanceUID: object.sopInstanceUid,
            },
            object.description,
            config.archiveTimeout
          );
          return isSameObject(object.file, held);
        } catch {
          return false;
        }
      },
      listed: (objects) => this.listed(objects),
    };
  }

  private async listed(objects: EncodedObject[]): Promise<Set<string>> {
    const [first] = objects;
    if (!first) return new Set();
    return listedInstances(
      this.session.services,
      this.session.dataSource(),
      {
        studyInstanceUID: String(first.dataset['StudyInstanceUID']),
        seriesInstanceUID: first.seriesInstanceUid,
      },
      this.session.config.archiveTimeout
    );
  }

  private archive(): string {
    return archiveName(this.session.dataSource());
  }
}

function nameOf(objects: EncodedObject[]): string {
  const [first] = objects;
  const description = first?.description ?? 'nothing';
  return objects.length > 1 ? `${description} and ${objects.length - 1} more` : description;
}

function studyOf(session: HydropsSession): string {
  return session.service.getState().studyInstanceUid ?? '';
}
