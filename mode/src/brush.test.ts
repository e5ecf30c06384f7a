import { BRUSH_RADIUS, bindBrushKeys, withBrushKeys } from './brush';
import { hydropsTools } from './toolGroup';
import { toolbarButtons } from './toolbar';

const HOST_KEYS = [
  { commandName: 'increaseBrushSize', label: 'Increase Brush Size', keys: [']'], isEditable: true },
  { commandName: 'decreaseBrushSize', label: 'Decrease Brush Size', keys: ['['], isEditable: true },
  { commandName: 'nextViewportDisplaySet', label: 'Next Series', keys: ['pagedown'] },
];

describe('the radius of brush and eraser', () => {
  it('is the same in every tool and in the fields of the toolbar', () => {
    const Enums = { MouseBindings: { Primary: 1, Secondary: 2, Auxiliary: 4, Wheel: 8 } };
    const brushes = hydropsTools({ toolNames: {}, Enums }).passive.filter(
      (tool) => 'parentTool' in tool
    );
    expect(brushes).toHaveLength(4);
    for (const tool of brushes) {
      expect(tool).toMatchObject({ configuration: { brushSize: 1, minRadius: 0.5, maxRadius: 3 } });
    }
    const fields = toolbarButtons()
      .flatMap(({ props }) => ('options' in props ? (props.options as object[]) : []))
      .filter((option) => 'min' in option);
    expect(fields).toHaveLength(2);
    for (const field of fields) {
      expect(field).toMatchObject({ name: 'Radius (mm)', value: 1, min: 0.5, max: 3, step: 0.5 });
    }
  });

  it('starts afresh on each entry, whatever the host wrote into the buttons before', () => {
    const [first, second] = [toolbarButtons(), toolbarButtons()];
    first.forEach((button, index) => expect(second[index]?.props).not.toBe(button.props));
  });
});

describe('withBrushKeys', () => {
  it('gives [ and ] our step, keeps their labels, and leaves the other keys alone', () => {
    const keys = withBrushKeys(HOST_KEYS);
    expect(keys[0]).toEqual({
      ...HOST_KEYS[0],
      commandName: 'changeHydropsBrushRadius',
      commandOptions: { by: BRUSH_RADIUS.step },
      context: 'INNER_EAR_HYDROPS',
    });
    expect(keys[1]).toMatchObject({ keys: ['['], commandOptions: { by: -BRUSH_RADIUS.step } });
    expect(keys[2]).toBe(HOST_KEYS[2]);
  });

  it('changes the keys of this mode alone', () => {
    const set = jest.fn();
    bindBrushKeys({ getCustomization: () => HOST_KEYS, setCustomizations: set });
    expect(set).toHaveBeenCalledWith({ 'ohif.hotkeyBindings': withBrushKeys(HOST_KEYS) }, 'mode');
  });

  it('does without where the host has no such keys', () => {
    const set = jest.fn();
    bindBrushKeys({ getCustomization: () => undefined, setCustomizations: set });
    bindBrushKeys(undefined);
    expect(set).not.toHaveBeenCalled();
  });
});
