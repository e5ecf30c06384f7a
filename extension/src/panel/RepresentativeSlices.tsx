import { shortImageName } from '@inner-ear-hydrops/core';
import type { ImageReference, Measurement, OrganMeasurement } from '@inner-ear-hydrops/core';
import { imageFurther, risesTowards } from '../state/imageStack';
import { isHeld } from '../state/held';
import type { HydropsState } from '../state/HydropsState';
import { ImageWords } from './ImageWords';
import { HELD_ID } from './Held';
import { ReaderMark } from './ReaderMark';
import { commandImage, run, type OrganName, type PanelService } from './service';
import { ROWS } from './words';

interface Props {
  state: HydropsState;
  measurement: Measurement;
  service: PanelService;
}

/** The slice and the region of each organ: whose they are, the slice moved along the stack, each reset alone. */
export function RepresentativeSlices({ state, measurement, service }: Props) {
  const { stack } = state;
  if (!stack) return null;
  const rows = ROWS.flatMap((row) => {
    const measured = measurement.ears[row.ear]?.[row.organ];
    return measured ? [{ ...row, measured }] : [];
  });
  if (rows.length === 0) return null;
  const towards = risesTowards(stack);
  const held = isHeld(state);
  const series = stack.images[0]?.seriesNumber ?? null;
  return (
    <fieldset className="slices">
      <legend>Representative slices: MRC{series === null ? '' : `, series ${series}`}</legend>
      {towards && (
        <p className="caption">
          ‹ towards {towards.from}, towards {towards.to} ›
        </p>
      )}
      {rows.map(({ ear, organ, label, measured }) => {
        const chosen = state.representativeImages.chosen[ear]?.[organ];
        const image = chosen ?? measured.area?.image ?? middleOf(measured);
        const move = (by: 1 | -1) => {
          const next = image && imageFurther(stack, image, by);
          if (!next || held) return;
          void run(service, 'setRepresentativeSlice', { ear, organ, ...commandImage(next) });
        };
        const arrow = (by: 1 | -1) => (
          <button
            type="button"
            aria-label={`${arrowWords(by, towards)}, ${label}`}
            title={arrowWords(by, towards)}
            aria-disabled={held || !image || imageFurther(stack, image, by) === null}
            aria-describedby={held ? HELD_ID : undefined}
            onClick={() => move(by)}
          >
            {by === 1 ? '›' : '‹'}
          </button>
        );
        return (
          <div key={label} role="group" aria-label={`${label}, slice`}>
            <div className="slice-row">
              <span>{label}</span>
              {arrow(-1)}
              <output aria-live="polite">{image ? <ImageWords image={image} /> : '–'}</output>
              {arrow(1)}
            </div>
            <Origin
              {...{ state, service, label, measured, organName: { ear, organ } }}
              hasModel={measurement.model !== null}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

interface OriginProps {
  state: HydropsState;
  service: PanelService;
  label: string;
  measured: OrganMeasurement;
  organName: OrganName;
  /** False for a region of other software, which has no automatic one to go back to. */
  hasModel: boolean;
}

/** Whose the slice and the region are. */
function Origin({ state, service, label, measured, organName, hasModel }: OriginProps) {
  const { chosen, automatic } = state.representativeImages;
  const { ear, organ } = organName;
  const before = automatic[ear]?.[organ];
  const isReaders = measured.area?.chosenBy === 'reader' || chosen[ear]?.[organ] !== undefined;
  if (!isReaders && measured.mask === 'automatic') {
    return <div className="origin">slice and region automatic</div>;
  }
  return (
    <>
      <div className="origin">
        Slice:{' '}
        {isReaders ? (
          <ReaderMark
            what={`slice, ${label}`}
            automatic={before ? shortImageName(before) : 'none'}
            disabled={isHeld(state)}
            onReset={() => void run(service, 'resetRepresentativeSlice', organName)}
          />
        ) : (
          'automatic'
        )}
      </div>
      <div className="origin">
        Region:{' '}
        {measured.mask === 'automatic' ? (
          'automatic'
        ) : hasModel ? (
          <ReaderMark
            what={`region, ${label}`}
            automatic={measured.mask === 'edited' ? 'AI result' : 'none'}
            disabled={isHeld(state)}
            onReset={() => void run(service, 'resetHydropsSegmentation', organName)}
          />
        ) : (
          'not made by the model'
        )}
      </div>
    </>
  );
}

function arrowWords(by: 1 | -1, towards: { to: string; from: string } | null): string {
  if (!towards) return by === 1 ? 'Next image' : 'Previous image';
  return `One image towards ${by === 1 ? towards.to : towards.from}`;
}

/** Where stepping starts for an organ without a representative slice. */
function middleOf({ slices }: OrganMeasurement): ImageReference | undefined {
  return slices[Math.floor(slices.length / 2)]?.image;
}
