import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { SegmentAssignments } from '@inner-ear-hydrops/core/dicom';
import { NO_ORGAN } from '../state/foreignSegments';
import type { ForeignSegmentation } from '../state/HydropsState';
import { run, type PanelService } from './service';

/** The segments of another software's segmentation, and which organ each is taken for. */
export function ForeignSegments({
  segmentation: { sopInstanceUid, label, segments },
  assigned,
  disabled,
  service,
}: {
  segmentation: ForeignSegmentation;
  assigned: SegmentAssignments;
  disabled: boolean;
  service: PanelService;
}) {
  const unknown = segments.filter(({ number, organ }) => (assigned[number] ?? organ) === null);
  return (
    <details className="segments">
      <summary>
        {unknown.length === 0 ? 'Segments' : `Segments, ${unknown.length} not recognised`}
      </summary>
      {segments.map(({ number, label: name, organ }) => {
        const recognised = SEGMENTS.find((segment) => segment.number === organ);
        return (
          <label key={number}>
            <span>{name || `Segment ${number}`}</span>
            <select
              aria-label={`Organ of segment ${number} "${name}" of ${label}`}
              disabled={disabled}
              value={assigned[number] ?? ''}
              onChange={({ target }) =>
                void run(service, 'assignSegment', {
                  sopInstanceUid,
                  segment: number,
                  organ: target.value === '' ? null : Number(target.value),
                })
              }
            >
              <option value="">
                {recognised ? `${recognised.label} (by its name)` : 'not recognised'}
              </option>
              {SEGMENTS.map((segment) => (
                <option key={segment.number} value={segment.number}>
                  {segment.label}
                </option>
              ))}
              <option value={NO_ORGAN}>none of these</option>
            </select>
          </label>
        );
      })}
    </details>
  );
}
