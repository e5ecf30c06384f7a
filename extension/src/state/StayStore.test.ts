import { openStudy } from '../result/testStudy';
import { StayStore } from './StayStore';

it('what is said after the end is not heard outside, and the stay goes on with its own state', () => {
  const service = openStudy({ studyInstanceUid: '1.2.3' });
  const store = new StayStore(service);
  store.apply(() => ({ keepingProblem: 'heard' }));
  store.end();
  service.apply(() => ({ studyInstanceUid: '4.5.6' }));
  store.apply(() => ({ keepingProblem: 'not heard' }));
  expect(service.getState()).toMatchObject({ studyInstanceUid: '4.5.6', keepingProblem: 'heard' });
  expect(store.getState()).toMatchObject({
    studyInstanceUid: '1.2.3',
    keepingProblem: 'not heard',
  });
});
