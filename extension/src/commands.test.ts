import { commandsModule } from './commands';
import type { Computing } from './result/Computing';
import type { Hold } from './result/Hold';
import type { ReaderFindings } from './result/ReaderFindings';
import type { ResultActions } from './result/ResultActions';
import type { HydropsSession } from './session';
import type { Choosing } from './study/Choosing';
import type { SegmentAssigning } from './study/SegmentAssigning';

/** Notes what the commands ask of a session. */
function commands(held = false) {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void asked.push([name, ...given]);
  const acting: Pick<ResultActions, 'setRepresentativeSlice' | 'goToOrgan' | 'resetSegmentation'> =
    {
      setRepresentativeSlice: note('slice'),
      goToOrgan: async (...given) => note('go')(...given),
      resetSegmentation: note('reset'),
    };
  const session: Partial<HydropsSession> = {
    hold: { refuses: () => held } as Hold,
    computing: { compute: async (discard?: boolean) => note('compute')(discard) } as Computing,
    findings: { set: note('finding') } as unknown as ReaderFindings,
    acting: acting as ResultActions,
    assigning: { assign: note('assign') } as unknown as SegmentAssigning,
    choosing: {
      resetRole: note('role'),
      setRole: note('role'),
      setMethod: note('method'),
      setEarCenter: note('ear'),
    } as Partial<Choosing> as Choosing,
  };
  return {
    asked,
    ...commandsModule(() => session as HydropsSession),
  };
}
const LEFT_COCHLEA = { ear: 'left', organ: 'cochlea' };

it('a slice is chosen by the names of its image, never by its place in the stack', () => {
  const { asked, setRepresentativeSlice } = commands();
  setRepresentativeSlice({ ...LEFT_COCHLEA, slice: 22 });
  setRepresentativeSlice({ ...LEFT_COCHLEA, instanceNumber: 1.5 });
  expect(asked).toEqual([]);
  setRepresentativeSlice({ ...LEFT_COCHLEA, instanceNumber: 25 });
  setRepresentativeSlice({ ...LEFT_COCHLEA, sopInstanceUid: '1.2', frameNumber: 3 });
  expect(asked).toEqual([
    ['slice', 'left', 'cochlea', { instanceNumber: 25 }],
    ['slice', 'left', 'cochlea', { sopInstanceUid: '1.2', frameNumber: 3 }],
  ]);
});

it('a segment of other software is assigned by numbers; null gives it back to its name', () => {
  const { asked, assignSegment } = commands();
  assignSegment();
  assignSegment({ sopInstanceUid: '1.2', segment: 'B', organ: 1 });
  assignSegment({ sopInstanceUid: '1.2', segment: 3 });
  expect(asked).toEqual([]);
  assignSegment({ sopInstanceUid: '1.2', segment: 3, organ: 2 });
  assignSegment({ sopInstanceUid: '1.2', segment: 3, organ: null });
  expect(asked).toEqual([
    ['assign', '1.2', 3, 2],
    ['assign', '1.2', 3, null],
  ]);
});

it('each choice of the reader has a reset of its own', () => {
  const { asked, ...run } = commands();
  run.resetRepresentativeSlice(LEFT_COCHLEA);
  run.resetSeriesRole({ role: 'ppi' });
  run.resetHydropsMethod();
  run.resetHydropsSegmentation(LEFT_COCHLEA);
  run.resetHydropsSegmentation();
  expect(asked).toEqual([
    ['slice', 'left', 'cochlea', null],
    ['role', 'ppi'],
    ['method', 'hydrops-mi2'],
    ['reset', { ear: 'left', organ: 'cochlea' }],
    ['reset', undefined],
  ]);
});

it('goes to the organ, or to the image that is named', () => {
  const { asked, goToOrgan } = commands();
  void goToOrgan(LEFT_COCHLEA);
  void goToOrgan({ ...LEFT_COCHLEA, instanceNumber: 25 });
  expect(asked).toEqual([
    ['go', 'left', 'cochlea', undefined],
    ['go', 'left', 'cochlea', { instanceNumber: 25 }],
  ]);
});

it('while a result is made or opened, no command changes what it takes the place of; moving about goes on', () => {
  const { asked, ...run } = commands(true);
  run.setSeriesRole({ displaySetInstanceUID: 'ds', role: 'ppi' });
  run.resetSeriesRole({ role: 'ppi' });
  run.assignSegment({ sopInstanceUid: '1.2', segment: 3, organ: 2 });
  run.setHydropsMethod({ method: 'real-ir' });
  run.resetHydropsMethod();
  run.setEarCenter({ ear: 'left', center: null });
  run.setRepresentativeSlice({ ...LEFT_COCHLEA, instanceNumber: 25 });
  run.resetRepresentativeSlice(LEFT_COCHLEA);
  run.setReaderField({ field: 'impression', value: 'Hydrops' });
  run.resetHydropsSegmentation();
  expect(asked).toEqual([]);
  void run.goToOrgan(LEFT_COCHLEA);
  expect(asked).toEqual([['go', 'left', 'cochlea', undefined]]);
});

it('unsaved work is discarded only where that is asked for in so many words', () => {
  const { asked, computeHydrops } = commands();
  void computeHydrops();
  void computeHydrops({ discardUnsaved: 'yes' });
  void computeHydrops({ discardUnsaved: true });
  expect(asked).toEqual([
    ['compute', false],
    ['compute', false],
    ['compute', true],
  ]);
});
