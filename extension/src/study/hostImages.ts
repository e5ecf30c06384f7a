import type { Archive } from '../host/Archive';
import { cornerstone, forgetImage } from '../host/cornerstone';
import type { ImageSource } from './readSeries';

/** As the host itself loads images for its volumes. */
const PRE_SCALED = { preScale: { enabled: true } };

/** What the viewer offers to read images by. */
export function hostImages(archive: Archive): ImageSource {
  return {
    dataSource: archive.dataSource(),
    client: () => archive.client(),
    headers: () => archive.headers() ?? {},
    load: (imageId) => cornerstone().imageLoader.loadAndCacheImage(imageId, PRE_SCALED),
    forget: forgetImage,
  };
}
