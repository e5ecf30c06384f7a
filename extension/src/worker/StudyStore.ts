import {
  correctedImages,
  measure,
  prepareStudy,
  RefusedInputError,
  type Measurement,
  type PreparedStudy,
  type RegionContext,
  type Role,
  type Series,
  type StudyResult,
  type StudySeries,
  type Warning,
} from '@inner-ear-hydrops/core';
import {
  assembleCollected,
  countedOnce,
  kindOfObject,
  readDicomFile,
  readImage,
  withImage,
  type AddedImage,
  type CollectedSeries,
  type EncodedPart,
  type PixelCodecs,
} from '@inner-ear-hydrops/core/dicom';
import { part } from './part';
import {
  copyOf,
  type ComputedStudy,
  type EncodeRequest,
  type MeasureRequest,
  type ReadyEngine,
  type RequestOf,
  type RestoredStudy,
  type SeriesKey,
  type SeriesOfRoles,
  type SeriesSummary,
  type ShownImages,
  type StoredFile,
  type StudyId,
  type StudyRecipe,
} from './protocol';

interface HeldStudy {
  series: StudySeries;
  prepared: PreparedStudy;
  context: RegionContext;
}

/**
 * The images of the open study, which live in the worker: series as they were stored, and what was prepared from
 * them. The page names them by key and number.
 */
export class StudyStore {
  private readonly collecting = new Map<SeriesKey, CollectedSeries>();
  /** Of each series, `CollectedSeries.others`. */
  private readonly others = new Map<SeriesKey, Map<string, number>>();
  private readonly series = new Map<SeriesKey, Series>();
  private readonly studies = new Map<StudyId, HeldStudy>();
  private nextStudy = 1;

  constructor(private readonly codecs: PixelCodecs) {}

  beginSeries(key: SeriesKey): void {
    this.collecting.delete(key);
    this.others.delete(key);
    this.series.delete(key);
  }

  /** @throws RefusedInputError of `readDicomFile`, `instance-mistaken`, `transfer-syntax-unsupported` */
  async addFile(key: SeriesKey, { name, buffer, sopInstanceUid }: StoredFile): Promise<void> {
    const image = readDicomFile(buffer, name);
    if (image.sopInstanceUid !== sopInstanceUid) {
      throw new RefusedInputError(
        'instance-mistaken',
        `The archive was asked for the image ${sopInstanceUid} and sent ${image.sopInstanceUid || 'an object without SOP Instance UID (0008,0018)'}.`,
        'Reload the study. If it happens again, ask whoever runs the archive to look at this instance.',
        { asked: sopInstanceUid, sent: image.sopInstanceUid }
      );
    }
    if (!image.isImage) {
      const others = countedOnce(this.others.get(key), [kindOfObject(image.sopClassUid)]);
      this.others.set(key, others);
      return;
    }
    const added = await readImage(image, this.codecs);
    // The page may have a decoder where this thread has none.
    if (added.faulty?.error.code === 'transfer-syntax-unsupported') throw added.faulty.error;
    this.collect(key, added);
  }

  addSlices({ series, header, slices }: RequestOf<'addSlices'>): void {
    const traits = slices.flatMap((slice) => slice.traits ?? []);
    this.collect(series, { header, traits, slices });
  }

  /** @throws RefusedInputError of core's `assembleCollected` */
  assemble({ series: key, wish }: RequestOf<'assembleSeries'>): {
    summary: SeriesSummary;
    warnings: Warning[];
  } {
    const collected = this.collecting.get(key);
    if (!collected) throw new Error(`No image of series ${key} has arrived.`);
    this.collecting.delete(key);
    const others = this.others.get(key) ?? collected.others;
    const { series, warnings } = assembleCollected({ ...collected, others }, wish);
    this.series.set(key, series);
    const { header, sources, volume } = series;
    const { size, spacing, origin, direction } = volume;
    return {
      summary: { header, sources, geometry: { size, spacing, origin, direction } },
      warnings,
    };
  }

  /** The series of each role. */
  seriesOf(roles: SeriesOfRoles): StudySeries {
    const series: StudySeries = {};
    for (const [role, key] of Object.entries(roles) as [Role, SeriesKey][]) {
      const found = this.series.get(key);
      if (!found) throw new Error(`Series ${key} was not read.`);
      series[role] = found;
    }
    return series;
  }

  /**
   * Keeps a computed study; what the page shows of it is copied.
   * @param warnings that measuring again would not find
   */
  keep(
    series: StudySeries,
    result: StudyResult,
    warnings: Warning[]
  ): Omit<ComputedStudy, keyof ReadyEngine> {
    const { prepared, segmentation, measurement } = result;
    const { anatomy, labels, ears, absent } = segmentation;
    const { choices, model } = measurement;
    const automatic = { ...labels, data: labels.data.slice() };
    const context: RegionContext = { anatomy, ears, absent, automatic, choices, warnings, model };
    const study = this.hold({ series, prepared, context });
    return {
      study,
      images: imagesOf(prepared),
      labels,
      ears,
      context: { ...context, anatomy: anatomy.slice(), automatic: undefined },
      measurement,
    };
  }

  /** @throws RefusedInputError of core's `prepareStudy` */
  prepare(
    recipe: StudyRecipe,
    withImages: boolean
  ): { study: StudyId; images: ShownImages | null } {
    const { method, centers, context } = recipe;
    const series = this.seriesOf(recipe.series);
    const prepared = prepareStudy(series, {
      method,
      ...(centers.length > 0 ? { centers } : {}),
    });
    const study = this.hold({ series, prepared, context });
    return { study, images: withImages ? imagesOf(prepared) : null };
  }

  measure({ study, labels, representativeSlices, timings }: MeasureRequest): Measurement {
    const { prepared, context } = this.held(study);
    return measure({ ...context, prepared, labels, representativeSlices, timings });
  }

  async storedMethod({ mrc, file, assigned }: RequestOf<'storedMethod'>) {
    const { storedMethod } = await results();
    return storedMethod(file, this.seriesOf({ mrc }).mrc as Series, assigned);
  }

  /** @throws RefusedInputError of core's `restoreResult` */
  async restore(request: RequestOf<'restore'>): Promise<RestoredStudy> {
    const { series: roles, method, file, ...options } = request;
    const { restoreResult } = await results();
    const series = this.seriesOf(roles);
    const { mrc } = series;
    if (!mrc) throw new Error('A stored result is opened on its MRC series.');
    const { prepared, ...restored } = restoreResult(file, { ...series, mrc }, method, options);
    const { labels, context } = restored;
    // What the page is sent leaves this thread; edits are compared with what stays.
    const automatic = context.automatic && { ...labels, data: labels.data.slice() };
    const study = this.hold({ series, prepared, context: { ...context, automatic } });
    return {
      ...restored,
      context: { ...context, anatomy: context.anatomy?.slice(), automatic: undefined },
      study,
      images: imagesOf(prepared),
    };
  }

  /** @throws RefusedInputError of core's `encodeResult` */
  async encode({ study, parts, ...request }: EncodeRequest): Promise<EncodedPart[]> {
    const { encodeResult } = await results();
    const { series, prepared, context } = this.held(study);
    const { mrc, ppi, pei } = series;
    if (!mrc || !ppi) throw new Error('A result needs the series that it was measured on.');
    return encodeResult(
      {
        ...request,
        series: { mrc, ppi, pei: prepared.pei ? (pei ?? null) : null },
        prepared,
        anatomy: context.anatomy,
        ears: context.ears ?? [],
        centers: context.centers,
        absent: context.absent ?? [],
        model: context.model,
      },
      parts
    );
  }

  drop(study: StudyId): void {
    this.studies.delete(study);
  }

  private collect(key: SeriesKey, added: AddedImage): void {
    this.collecting.set(key, withImage(this.collecting.get(key), added));
  }

  private hold(study: HeldStudy): StudyId {
    const id = this.nextStudy++;
    this.studies.set(id, study);
    return id;
  }

  private held(study: StudyId): HeldStudy {
    const found = this.studies.get(study);
    if (!found) throw new Error(`Study ${study} is no longer loaded.`);
    return found;
  }
}

const results = () => part(() => import('./results'));

function imagesOf(prepared: PreparedStudy): ShownImages {
  const { method, hydrops, hydropsMi2, endolymph, images } = prepared;
  const { ppi, pei } = correctedImages(prepared);
  return {
    method,
    hydrops: copyOf(hydrops),
    hydropsMi2: copyOf(hydropsMi2),
    endolymph: endolymph.slice(),
    images,
    corrected: {
      ...(ppi ? { ppi: { ...ppi, volume: copyOf(ppi.volume) } } : {}),
      ...(pei ? { pei: { ...pei, volume: copyOf(pei.volume) } } : {}),
    },
  };
}
