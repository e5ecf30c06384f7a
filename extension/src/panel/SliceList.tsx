import { imageName, type Measurement } from '@inner-ear-hydrops/core';
import { ImageWords } from './ImageWords';
import { Counted } from './ResultTable';
import { commandImage, run, type PanelService } from './service';
import { percent, percentRange, ROWS } from './words';

/** The ratio on every image of each organ: what the area ratio would be on another slice. */
export function SliceList({
  measurement,
  service,
}: {
  measurement: Measurement;
  service: PanelService;
}) {
  const rows = ROWS.flatMap((row) => {
    const measured = measurement.ears[row.ear]?.[row.organ];
    return measured && measured.slices.length > 0 ? [{ ...row, measured }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <details className="slice-list">
      <summary>Area ratio on each image</summary>
      <p className="caption">The representative image of each organ is highlighted.</p>
      {rows.map(({ ear, organ, label, measured: { slices, area, measurable } }) => (
        <details key={label}>
          <summary>
            {label}: {slices.length} {slices.length === 1 ? 'image' : 'images'}
          </summary>
          <table aria-label={`Area ratio on each image, ${label}`}>
            <thead>
              <tr>
                <th scope="col">Image</th>
                <th scope="col">Ratio</th>
                <th scope="col">Pixels</th>
                <th scope="col">95&nbsp;% interval (noise, alignment)</th>
              </tr>
            </thead>
            <tbody>
              {slices.map(({ image, ratio, endolymphPixels, totalPixels, interval }) => {
                const isRepresentative =
                  image.sopInstanceUid === area?.image.sopInstanceUid &&
                  image.frameNumber === area.image.frameNumber;
                return (
                  <tr key={imageName(image)} className={isRepresentative ? 'current' : undefined}>
                    <th scope="row">
                      <button
                        type="button"
                        className="link"
                        aria-label={`Show ${imageName(image)}, ${label}`}
                        onClick={() =>
                          void run(service, 'goToOrgan', { ear, organ, ...commandImage(image) })
                        }
                      >
                        <ImageWords image={image} />
                      </button>
                      {isRepresentative && <span className="hidden">, representative</span>}
                    </th>
                    <td>
                      <Counted measurable={measurable}>{percent(ratio)}</Counted>
                    </td>
                    <td>
                      {endolymphPixels}/{totalPixels}
                    </td>
                    <td>
                      {interval ? (
                        <Counted measurable={measurable}>{percentRange(interval)}</Counted>
                      ) : (
                        '–'
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </details>
      ))}
    </details>
  );
}
