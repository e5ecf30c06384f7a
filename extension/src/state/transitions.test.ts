import { HydropsService } from './HydropsService';
import { INITIAL_STATE } from './HydropsState';
import { StayStore } from './StayStore';
import {
  earPlaced,
  failed,
  measuredAgain,
  methodChosen,
  modeLeft,
  modelFailed,
  resultComputed,
  resultRestored,
  studyListed,
  type StudyListing,
} from './transitions';

const LISTING: StudyListing = {
  studyInstanceUid: '1.2',
  series: [],
  roles: INITIAL_STATE.roles,
  inversionTimes: {},
  automaticRoles: INITIAL_STATE.automaticRoles,
  roleWarnings: [],
  storedResults: [],
  foreignSegmentations: [],
};
const MODEL = { name: 'unet', version: '1', hash: 'ab' } as never;
const PROBLEM = { code: 'one', message: '', remedy: '', retry: null };

function service() {
  const told = jest.fn();
  const made = new HydropsService({ runCommand: () => undefined });
  made.subscribe(told);
  return { service: made, told };
}

it('the ears of one study are never taken for those of the next', () => {
  const { service: state } = service();
  state.apply(studyListed(LISTING));
  state.apply(earPlaced('left', [1, 2, 3]));
  state.apply(studyListed(LISTING));
  expect(state.getState().earCenters).toEqual({ left: [1, 2, 3] });
  state.apply(studyListed({ ...LISTING, studyInstanceUid: '1.3' }));
  expect(state.getState().earCenters).toEqual({});
});

it('an ear that is given back to the network is named no more', () => {
  const { service: state } = service();
  state.apply(earPlaced('left', [1, 2, 3]));
  const before = state.getState();
  state.apply(earPlaced('left', null));
  expect(state.getState().earCenters).toEqual({});
  // What a listener holds is not changed under it.
  expect(before.earCenters).toEqual({ left: [1, 2, 3] });
});

it('an edit after a save is not shown as saved, but as made from the stored result', () => {
  const { service: state } = service();
  const stored = { label: 'of 4 May', sopInstanceUid: '1.2.9.1' };
  state.apply(resultRestored({ backend: null, model: null }, stored));
  expect(state.getState()).toMatchObject({
    save: { status: 'saved', message: 'Restored from the archive: of 4 May' },
    shownStored: '1.2.9.1',
  });
  state.apply(
    measuredAgain({
      measurement: null,
      edited: true,
      representativeImages: INITIAL_STATE.representativeImages,
    })
  );
  expect(state.getState()).toMatchObject({ save: { status: 'none' }, shownStored: '1.2.9.1' });
});

it('a result that is computed, kept in this browser or of other software is none of the stored ones', () => {
  const { service: state } = service();
  const stored = { label: 'of 4 May', sopInstanceUid: '1.2.9.1' };
  const restored = { backend: null, model: null };
  for (const other of [
    resultRestored(restored),
    resultComputed({ backend: 'wasm', passedOver: '', model: MODEL, foundEars: {} }),
  ]) {
    state.apply(resultRestored(restored, stored));
    state.apply(other);
    expect(state.getState().shownStored).toBeNull();
  }
});

it('an ear that was located stays known while the other ear is set by the reader', () => {
  const { service: state } = service();
  state.apply(
    resultComputed({
      backend: 'wasm',
      passedOver: '',
      model: MODEL,
      foundEars: { left: [1, 1, 1] },
    })
  );
  state.apply(
    resultComputed({
      backend: 'wasm',
      passedOver: '',
      model: MODEL,
      foundEars: { right: [2, 2, 2] },
    })
  );
  expect(state.getState().foundEars).toEqual({ left: [1, 1, 1], right: [2, 2, 2] });
});

it('a model that does not load takes no problem of the reader’s from the panel', () => {
  const { service: state } = service();
  state.apply(failed(PROBLEM));
  state.apply(modelFailed({ ...PROBLEM, code: 'model' }));
  expect(state.getState().problem).toBe(PROBLEM);
});

it('what still runs when the mode is left says nothing in the next stay', () => {
  const { service: state, told } = service();
  const stay = new StayStore(state);
  stay.apply(methodChosen('real-ir'));
  stay.end();
  state.apply(modeLeft);
  told.mockClear();
  stay.apply(failed(PROBLEM));
  expect(state.getState()).toEqual(INITIAL_STATE);
  // The stay itself goes on with its own, while the reader's last changes are kept.
  expect(stay.getState()).toMatchObject({ method: 'real-ir', problem: PROBLEM });
  expect(told).not.toHaveBeenCalled();
});
