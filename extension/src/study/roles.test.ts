import { assignRoles, withChoice, withoutChoice } from './roles';
import type { DisplaySet } from '../host/types';

const series = (number: number, description: string, attributes: object): DisplaySet => ({
  displaySetInstanceUID: `ds-${number}`,
  StudyInstanceUID: '1',
  SeriesInstanceUID: `1.${number}`,
  Modality: 'MR',
  instances: Array.from({ length: 20 }, (_, n) => ({
    StudyInstanceUID: '1',
    SeriesInstanceUID: `1.${number}`,
    SOPInstanceUID: `1.${number}.${n}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Modality: 'MR',
    SeriesNumber: number,
    SeriesDescription: description,
    Rows: 384,
    Columns: 324,
    ...attributes,
  })),
  numImageFrames: 20,
});

const STUDY = [
  series(1, 'T2 CISS cisternography', { EchoTime: 540 }),
  series(2, 'hT2w 3D FLAIR PPI', { InversionTime: 2250, EchoTime: 540 }),
  series(3, 'hT2w 3D IR PEI', { InversionTime: 2050, EchoTime: 540 }),
];
const AUTOMATIC = { mrc: 'ds-1', ppi: 'ds-2', pei: 'ds-3' };

describe('a role that the reader gave', () => {
  const first = assignRoles(STUDY, {}, null);
  const choices = withChoice({}, first.roles, 'ds-3', 'ppi');
  const changed = assignRoles(STUDY, choices, null);

  it('is distinguished from the role that was recognised', () => {
    expect(first.roles).toEqual(AUTOMATIC);
    expect(changed.roles).toEqual({ mrc: 'ds-1', ppi: 'ds-3', pei: null });
    expect(changed.automatic).toEqual(AUTOMATIC);
  });

  it('is taken back alone, and what it took away comes back with it', () => {
    expect(assignRoles(STUDY, withoutChoice(choices, AUTOMATIC, 'ppi'), null).roles).toEqual(
      AUTOMATIC
    );
  });

  it('is taken back too where its series returns to the role it was recognised for', () => {
    expect(assignRoles(STUDY, withoutChoice(choices, AUTOMATIC, 'pei'), null).roles).toEqual(
      AUTOMATIC
    );
  });

  it('leaves another role to the series, of which other images play it', () => {
    const two = withChoice({}, { ...AUTOMATIC, pei: 'ds-2' }, 'ds-2', 'ppi', ['pei']);
    expect(assignRoles(STUDY, two, null).roles).toEqual({ mrc: 'ds-1', ppi: 'ds-2', pei: 'ds-2' });
  });

  it('leaves the other choices alone', () => {
    const two = { ...choices, mrc: 'ds-1' };
    expect(withoutChoice(two, AUTOMATIC, 'ppi')).toEqual({ mrc: 'ds-1' });
  });
});

it('a series whose first images are localisers or phase has the role of its magnitude images', () => {
  const ppi = STUDY[1] as DisplaySet;
  const others = (ImageType: string[], count: number, more: object = {}) =>
    (ppi.instances ?? []).slice(0, count).map((instance, n) => ({
      ...instance,
      ...more,
      ImageType,
      SOPInstanceUID: `1.2.${ImageType[2]}.${n}`,
      InstanceNumber: n + 1,
    }));
  const instances = [
    ...others(['ORIGINAL', 'PRIMARY', 'LOCALIZER'], 3, { Rows: 256, Columns: 256 }),
    ...others(['ORIGINAL', 'PRIMARY', 'P'], 20),
    ...others(['ORIGINAL', 'PRIMARY', 'M'], 20),
  ];
  const mixed = { ...ppi, instances, numImageFrames: 43 } as unknown as DisplaySet;
  const { roles, series } = assignRoles([STUDY[0], mixed, STUDY[2]] as DisplaySet[], {}, null);
  expect(roles).toEqual(AUTOMATIC);
  expect(series[1]).toMatchObject({ role: 'ppi', imageCount: 43 });
});
