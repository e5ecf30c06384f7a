import { keepModeLast } from './modeOrder';

describe('keepModeLast', () => {
  const host = (...ids: string[]) => ids.map((id) => ({ id }));

  it('puts the mode behind those that the host adds, in the array that the work list reads', () => {
    const appConfig: Record<string, unknown> = { modes: ['ours.js'] };
    keepModeLast(appConfig, 'ours');
    expect(appConfig['modes']).toEqual(['ours.js']);
    const loadedModes = host('ours', 'site', 'basic', 'segmentation');
    appConfig['loadedModes'] = loadedModes;
    appConfig['modes'] = loadedModes;
    expect(appConfig['modes']).toBe(loadedModes);
    expect(loadedModes).toEqual(host('site', 'basic', 'segmentation', 'ours'));
    expect(Object.keys({ ...appConfig })).toContain('modes');
  });

  it('leaves an order without the mode, and what is no list, as they are', () => {
    const appConfig: Record<string, unknown> = {};
    keepModeLast(appConfig, 'ours');
    expect(appConfig['modes']).toBeUndefined();
    appConfig['modes'] = host('site', 'basic');
    expect(appConfig['modes']).toEqual(host('site', 'basic'));
    appConfig['modes'] = [null, 'basic'];
    expect(appConfig['modes']).toEqual([null, 'basic']);
    appConfig['modes'] = 'none';
    expect(appConfig['modes']).toBe('none');
  });
});
