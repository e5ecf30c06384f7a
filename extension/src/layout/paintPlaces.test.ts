/** @jest-environment jsdom */
import { paintNotice, watchPaintPlaces, type PaintPlacesParts } from './paintPlaces';

/** Two viewports with a brush in hand; only MRC can be painted on. */
function viewer(
  tool: { brushSize?: number } = { brushSize: 1 },
  listed = false,
  { misplaced = null as string | null, chosen = true, held = false } = {}
) {
  const notices: string[] = [];
  const reached: string[] = [];
  const makePaintable = jest.fn();
  const uids: Record<string, string> = { mrc: 'MRC hT2w 3D', ppi: 'PPI hT2w 3D FLAIR' };
  const services = {
    toolGroupService: {
      getToolGroupIds: () => ['default'],
      getToolGroupForViewport: () => ({
        getActivePrimaryMouseButtonTool: () => 'Tool',
        getToolInstance: () => ({ configuration: tool }),
      }),
    },
    viewportGridService: {
      getState: () => ({
        viewports: new Map(
          Object.keys(uids).map((viewportId) => [
            viewportId,
            { viewportId, displaySetInstanceUIDs: [viewportId] },
          ])
        ),
      }),
    },
    displaySetService: {
      getDisplaySetByUID: (uid: string) => ({ SeriesDescription: uids[uid] }),
    },
  } as unknown as PaintPlacesParts['services'];
  const { unsubscribe } = watchPaintPlaces({
    services,
    mrc: () => null,
    labelmap: () => ({
      canPaintOn: (id) => id === 'mrc',
      isChosenIn: (id) => chosen && id === 'mrc',
      isIn: () => listed,
      makePaintable,
    }),
    misplacedOn: () => misplaced,
    heldNotice: () => (held ? { title: 'Held', message: 'Computing.' } : null),
    notify: ({ message }) => notices.push(message),
  });
  const element = document.createElement('div');
  document.body.append(element);
  const names = ['CORNERSTONE_TOOLS_MOUSE_DOWN', 'CORNERSTONE_TOOLS_MOUSE_MOVE'];
  for (const name of names) element.addEventListener(name, () => reached.push(name));
  /** As Cornerstone tells its tools. */
  const tell = (name: string, viewportId: string, mouseButton?: number) =>
    element.dispatchEvent(
      new CustomEvent(`CORNERSTONE_TOOLS_${name}`, {
        detail: { viewportId, mouseButton },
        cancelable: true,
      })
    );
  return { notices, reached, makePaintable, tell, unsubscribe };
}

describe('a series of another examination', () => {
  const mrcOf = (study: string, StudyDate?: string) => ({
    displaySetInstanceUID: study,
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.1`,
    SeriesDescription: 'MRC hT2w 3D',
    instance: {
      SOPInstanceUID: '',
      SOPClassUID: '',
      SeriesInstanceUID: '',
      StudyInstanceUID: study,
      StudyDate,
    },
  });

  it('is told from the series of the same name by the dates of both', () => {
    const notice = paintNotice(mrcOf('1.1', '20240302'), mrcOf('1.2', '20261124'), false);
    expect(notice.message).toBe(
      'Brush and eraser cannot draw on MRC hT2w 3D of 2024-03-02: its images do not lie on those of MRC of ' +
        '2026-11-24, pixel for pixel and in the same order. Draw on MRC of 2026-11-24.'
    );
  });

  it('is told so where its date is missing', () => {
    const notice = paintNotice(mrcOf('1.1'), mrcOf('1.2', '20261124'), false);
    expect(notice.message).toContain('MRC hT2w 3D of another examination: its images');
  });

  it('names no date where both are of one examination', () => {
    const notice = paintNotice(mrcOf('1.2', '20261124'), mrcOf('1.2', '20261124'), false);
    expect(notice.message).toContain('cannot draw on MRC hT2w 3D: its images');
    expect(notice.message).toContain('Draw on MRC.');
  });
});

describe('watchPaintPlaces', () => {
  it('keeps every stroke from the labels while they are held, with a word', () => {
    const { notices, reached, tell, unsubscribe } = viewer(undefined, true, { held: true });
    expect(tell('MOUSE_MOVE', 'mrc')).toBe(false);
    expect(tell('MOUSE_DOWN', 'mrc', 1)).toBe(false);
    expect(reached).toEqual([]);
    expect(notices).toEqual(['Computing.']);
    unsubscribe();
  });

  it('says where brush and eraser cannot draw, and keeps the stroke and their circle from there', () => {
    const { notices, reached, tell, unsubscribe } = viewer();
    expect(tell('MOUSE_MOVE', 'ppi')).toBe(false);
    expect(notices).toEqual([]);
    expect(tell('MOUSE_DOWN', 'ppi', 1)).toBe(false);
    expect(reached).toEqual([]);
    expect(notices).toEqual([
      'Brush and eraser cannot draw on PPI hT2w 3D FLAIR: its images do not lie on those of MRC, ' +
        'pixel for pixel and in the same order. Draw on MRC.',
    ]);
    unsubscribe();
    expect(tell('MOUSE_DOWN', 'ppi', 1)).toBe(true);
  });

  it('leaves painting on MRC, other buttons and other tools alone', () => {
    const brush = viewer();
    expect(brush.tell('MOUSE_DOWN', 'mrc', 1)).toBe(true);
    expect(brush.tell('MOUSE_DOWN', 'ppi', 2)).toBe(true);
    brush.unsubscribe();
    const pan = viewer({});
    expect(pan.tell('MOUSE_DOWN', 'ppi', 1)).toBe(true);
    pan.unsubscribe();
    expect([...brush.notices, ...pan.notices]).toEqual([]);
  });

  it('keeps the brush from a series that was measured moved, and says so; not from another segmentation', () => {
    const ours = viewer({ brushSize: 1 }, true, { misplaced: 'PEI lies 2.2 mm from MRC.' });
    expect(ours.tell('MOUSE_DOWN', 'mrc', 1)).toBe(false);
    expect(ours.notices).toEqual(['PEI lies 2.2 mm from MRC.']);
    ours.unsubscribe();
    const other = viewer({ brushSize: 1 }, true, { misplaced: 'PEI lies…', chosen: false });
    expect(other.tell('MOUSE_DOWN', 'mrc', 1)).toBe(true);
    other.unsubscribe();
  });

  it('asks to try again where the viewer lists the labels but is not ready', () => {
    const { notices, makePaintable, tell, unsubscribe } = viewer({ brushSize: 1 }, true);
    tell('MOUSE_DOWN', 'ppi', 1);
    expect(notices).toEqual([
      'The viewer is not ready to draw on this series yet. Try again in a moment.',
    ]);
    expect(makePaintable).toHaveBeenCalledWith('ppi');
    unsubscribe();
  });
});
