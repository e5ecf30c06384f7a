import type { ViewerPage } from './viewerPage';

/** Pictures of the screen, one after the other, in which nothing is drawn. */
const QUIET = 60;
/** Pictures within which a page that has nothing to do is quiet. */
const LIMIT = 1800;

/**
 * Until no viewport draws an image in 60 consecutive pictures of the screen.
 * @throws Error with the number of images that each viewport drew, where it goes on without end
 */
export async function comesToRest(viewer: ViewerPage): Promise<void> {
  const drawn = await viewer.page.evaluate(
    ([quiet, limit]) =>
      new Promise<Record<string, number> | null>((resolve) => {
        const counts: Record<string, number> = {};
        let still = 0;
        let pictures = 0;
        const onDrawn = (event: Event) => {
          const { viewportId } = (event as CustomEvent<{ viewportId: string }>).detail;
          counts[viewportId] = (counts[viewportId] ?? 0) + 1;
          still = 0;
        };
        // Cornerstone's event does not bubble.
        document.addEventListener('CORNERSTONE_IMAGE_RENDERED', onDrawn, true);
        const finish = (result: Record<string, number> | null) => {
          document.removeEventListener('CORNERSTONE_IMAGE_RENDERED', onDrawn, true);
          resolve(result);
        };
        const onPicture = () => {
          still++;
          pictures++;
          if (still > quiet) finish(null);
          else if (pictures > limit) finish(counts);
          else requestAnimationFrame(onPicture);
        };
        requestAnimationFrame(onPicture);
      }),
    [QUIET, LIMIT] as const
  );
  if (drawn) throw new Error(`Images are drawn without end: ${JSON.stringify(drawn)}`);
}
