import { DONE } from '../../test/testState';
import { ResultActions } from './ResultActions';

const LEFT = ['left', 'cochlea'] as const;

function actions(hasResult = true) {
  const told: unknown[][] = [];
  const result = {
    setRepresentativeSlice: (...given: unknown[]) => void told.push(['slice', ...given]),
    reset: (...given: unknown[]) => void told.push(['reset', ...given]),
    goTo: async (...given: unknown[]) => void told.push(['go', ...given]),
  };
  const acting = new ResultActions({
    result: () => (hasResult ? result : null),
    stack: () => (hasResult ? DONE.stack : null),
    refuse: (message) => void told.push(['refused', message]),
    fail: (error) => void told.push(['failed', String(error)]),
  });
  return { acting, told };
}

it('an image that is named becomes the slice of the result', () => {
  const { acting, told } = actions();
  acting.setRepresentativeSlice(...LEFT, { instanceNumber: 38 });
  expect(told).toEqual([
    ['slice', ...LEFT, 22],
    ['go', ...LEFT],
  ]);
});

it('the automatic slice comes back', () => {
  const { acting, told } = actions();
  acting.setRepresentativeSlice(...LEFT, null);
  expect(told[0]).toEqual(['slice', ...LEFT, null]);
});

it('an image that MRC does not have changes nothing and is told', async () => {
  const { acting, told } = actions();
  acting.setRepresentativeSlice(...LEFT, { instanceNumber: 99 });
  await acting.goToOrgan(...LEFT, { sopInstanceUid: '9.9' });
  expect(told.map(([what]) => what)).toEqual(['failed', 'failed']);
  expect(told[0]?.[1]).toContain('MRC (series 2) has no image with Instance Number (0020,0013) 99');
});

it('without a result is refused', () => {
  const { acting, told } = actions(false);
  acting.setRepresentativeSlice(...LEFT, { instanceNumber: 38 });
  acting.resetSegmentation();
  expect(told.map(([what]) => what)).toEqual(['refused', 'refused']);
});
