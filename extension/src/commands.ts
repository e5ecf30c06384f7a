import {
  EAR_SIDES,
  METHOD_KEYS,
  ORGAN_KEYS,
  ROLE_KEYS,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { Command, SessionCommand } from './entry/commandNames';
import type { WantedImage } from './state/imageStack';
import { REPORT_FORMATS } from './result/report/exportReport';
import { isSavePart } from './state/saveParts';
import type { HydropsSession } from './session';
import { INITIAL_STATE } from './state/HydropsState';

type Options = Record<string, unknown>;

const text = (options: Options, name: string): string | undefined =>
  typeof options[name] === 'string' ? options[name] : undefined;

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((known) => known === value);

const discards = (options: Options): boolean => options['discardUnsaved'] === true;

const isPoint = (value: unknown): value is Vector3 =>
  Array.isArray(value) &&
  value.length === 3 &&
  value.every((coordinate) => Number.isFinite(coordinate));

/** `{ sopInstanceUid | instanceNumber, frameNumber? }`; undefined where neither is there. */
function imageIn(options: Options): WantedImage | undefined {
  const { instanceNumber, frameNumber } = options;
  const frame = Number.isInteger(frameNumber) ? { frameNumber: frameNumber as number } : {};
  const sopInstanceUid = text(options, 'sopInstanceUid');
  if (sopInstanceUid) return { sopInstanceUid, ...frame };
  if (!Number.isInteger(instanceNumber)) return undefined;
  return { instanceNumber: instanceNumber as number, ...frame };
}

/**
 * The extension's commands, in the context `INNER_EAR_HYDROPS`. Each takes one options object and
 * can be called with none; outside a mode they do nothing. What goes wrong is told in the state's
 * `problem`, so none of them rejects.
 *
 * @param current the session of the mode that is open, or null.
 */
export function commandsModule(current: () => HydropsSession | null) {
  const within =
    (act: (session: HydropsSession, options: Options) => unknown) =>
    (options: Options = {}) => {
      const session = current();
      return session ? act(session, options ?? {}) : undefined;
    };
  /** As `within`, for what would be lost with the result on the screen while another is made or opened: it is refused. */
  const changing = (act: (session: HydropsSession, options: Options) => unknown) =>
    within((session, options) => (session.hold.refuses() ? undefined : act(session, options)));
  return {
    /**
     * Reads, segments and measures the study. What is unsaved of the result on the screen is kept in the browser; where
     * it cannot be, nothing takes its place unless `{ discardUnsaved: true }`. So with every command that opens a result.
     */
    computeHydrops: within((session, options) => session.computing.compute(discards(options))),
    /** Stops what is running. */
    cancelHydrops: within((session) => session.work.cancel()),
    /** Makes HYDROPS and HYDROPS-Mi2 without a segmentation. */
    createHydropsMi2: within((session) => session.computing.createMi2()),
    /**
     * `{ displaySetInstanceUID, role, inversionTime? }`; role `null` takes the series' role away. With an inversion time
     * (ms) the role is played by its images of that time.
     */
    setSeriesRole: changing((session, options) => {
      const uid = text(options, 'displaySetInstanceUID');
      const role = oneOf(options['role'], ROLE_KEYS) ?? null;
      const time = options['inversionTime'];
      if (uid) session.choosing.setRole(uid, role, typeof time === 'number' ? time : undefined);
    }),
    /** `{ role }`: the series that was recognised for it has the role again. */
    resetSeriesRole: changing((session, options) => {
      const role = oneOf(options['role'], ROLE_KEYS);
      if (role) session.choosing.resetRole(role);
    }),
    /** `{ method }`: the measurement that the next Compute EH makes. */
    setHydropsMethod: changing((session, options) => {
      const method = oneOf(options['method'], METHOD_KEYS);
      if (method) session.choosing.setMethod(method);
    }),
    /** The method that is used where the reader chooses none. */
    resetHydropsMethod: changing((session) => session.choosing.setMethod(INITIAL_STATE.method)),
    /**
     * `{ ear, center }`: LPS mm of the middle of an ear's crop for the next Compute EH; `center: null` lets
     * the ear be located, without `center` the middle of the MRC view is taken.
     */
    setEarCenter: changing((session, options) => {
      const ear = oneOf(options['ear'], EAR_SIDES);
      const center = options['center'];
      if (!ear) return;
      if (center === undefined || center === null) session.choosing.setEarCenter(ear, center);
      else if (isPoint(center)) session.choosing.setEarCenter(ear, center);
    }),
    /** `{ shown }`: draws the ears' crops on the images, where they can be dragged; true where absent. */
    showEarCrops: within((session, options) => session.showCrops(options['shown'] !== false)),
    /**
     * `{ ear, organ, sopInstanceUid | instanceNumber, frameNumber? }`: the image of MRC on which the organ's area
     * is measured.
     */
    setRepresentativeSlice: changing((session, options) => {
      const ear = oneOf(options['ear'], EAR_SIDES);
      const organ = oneOf(options['organ'], ORGAN_KEYS);
      const image = imageIn(options);
      if (ear && organ && image) session.acting.setRepresentativeSlice(ear, organ, image);
    }),
    /** `{ ear, organ }`: the automatic slice again. */
    resetRepresentativeSlice: changing((session, options) => {
      const ear = oneOf(options['ear'], EAR_SIDES);
      const organ = oneOf(options['organ'], ORGAN_KEYS);
      if (ear && organ) session.acting.setRepresentativeSlice(ear, organ, null);
    }),
    /**
     * `{ ear, organ }`: brings the viewports to the organ's representative slice; with `sopInstanceUid` or
     * `instanceNumber` (and `frameNumber`) to that image of MRC.
     */
    goToOrgan: within((session, options) => {
      const ear = oneOf(options['ear'], EAR_SIDES) ?? EAR_SIDES[0]!;
      const organ = oneOf(options['organ'], ORGAN_KEYS) ?? ORGAN_KEYS[0]!;
      return session.acting.goToOrgan(ear, organ, imageIn(options));
    }),
    /** Brings the four images back, each in its place, from any other layout. */
    restoreHydropsLayout: within((session) => session.images.restoreLayout()),
    /** Stores the chosen parts of the result in the archive. */
    saveHydropsResults: within((session) => session.saving.save()),
    /** `{ part, chosen }`: whether Save results stores a part. */
    setSavePart: within((session, options) => {
      const { part, chosen } = options;
      if (isSavePart(part) && typeof chosen === 'boolean') session.saving.setSavePart(part, chosen);
    }),
    /** Ends a save that is running; what is not stored stays in this browser. */
    cancelSaving: within((session) => session.saving.cancel()),
    /** `{ id }`: stores what an earlier save left in this browser. */
    saveUnsavedResult: within((session, options) => {
      const id = text(options, 'id');
      return id ? session.saving.saveUnsaved(id) : undefined;
    }),
    /** `{ id }`: opens a result that this browser has kept. */
    restoreUnsavedResult: within((session, options) => {
      const id = text(options, 'id');
      return id ? session.opening.restoreUnsaved(id, discards(options)) : undefined;
    }),
    /** `{ id }`: forgets a result that this browser has kept. */
    discardUnsavedResult: within((session, options) => {
      const id = text(options, 'id');
      if (id) session.saving.discardUnsaved(id);
    }),
    /** `{ field, value, ear }`: one of the reader's own findings. */
    setReaderField: changing((session, options) => {
      const field = text(options, 'field');
      const value = text(options, 'value');
      if (field === undefined || value === undefined) return;
      session.findings.set(field, value, oneOf(options['ear'], EAR_SIDES));
    }),
    /** `{ seriesInstanceUid, sopInstanceUid }`: takes another software's segmentation as the ROI. */
    useSegmentationAsRoi: within((session, options) => {
      const seriesInstanceUid = text(options, 'seriesInstanceUid');
      const sopInstanceUid = text(options, 'sopInstanceUid');
      if (!seriesInstanceUid || !sopInstanceUid) return undefined;
      const label = text(options, 'label') ?? 'segmentation';
      const segmentation = { seriesInstanceUid, sopInstanceUid, label };
      return session.opening.useAsRoi(segmentation, discards(options));
    }),
    /**
     * `{ sopInstanceUid, segment, organ }`: which organ a segment of another software's segmentation is, by the number
     * of a label volume; 0: none of them; null: what the segment's name says.
     */
    assignSegment: changing((session, options) => {
      const { segment, organ } = options;
      const sopInstanceUid = text(options, 'sopInstanceUid');
      if (!sopInstanceUid || !Number.isInteger(segment)) return;
      if (organ === null || typeof organ === 'number')
        session.assigning.assign(sopInstanceUid, segment as number, organ);
    }),
    /** `{ format }`: `text` (default) for the clipboard, `print` for paper or PDF. Resolves to the text. */
    exportHydropsReport: within((session, options) =>
      session.exporting.report(oneOf(options['format'], REPORT_FORMATS) ?? 'text')
    ),
    /** `{ sopInstanceUid }`; without it the newest stored result. */
    loadHydropsResults: within((session, options) =>
      session.opening.loadStored(
        {
          seriesInstanceUid: text(options, 'seriesInstanceUid'),
          sopInstanceUid: text(options, 'sopInstanceUid'),
        },
        discards(options)
      )
    ),
    /** The same files as a zip archive. */
    downloadHydropsResults: within((session) => session.exporting.download()),
    /** `{ radius }` or, from the toolbar's field, `{ value }`: mm, of every brush and eraser. */
    setHydropsBrushRadius: within((session, options) => {
      const radius = options['radius'] ?? options['value'];
      if (typeof radius === 'number') session.brush.setRadius(radius);
    }),
    /** `{ by }`: mm; negative makes brush and eraser smaller. */
    changeHydropsBrushRadius: within((session, options) => {
      const by = options['by'];
      if (typeof by === 'number') session.brush.changeRadius(by);
    }),
    /** Back to the automatic segmentation and slices; `{ ear, organ }`: to the segmentation of that organ. */
    resetHydropsSegmentation: changing((session, options) => {
      const ear = oneOf(options['ear'], EAR_SIDES);
      const organ = oneOf(options['organ'], ORGAN_KEYS);
      session.acting.resetSegmentation(ear && organ && { ear, organ });
    }),
  } satisfies Record<SessionCommand, Command>;
}
