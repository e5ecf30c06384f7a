import { clientOf } from '../host/archive';
import { cornerstone, forgetImage } from '../host/cornerstone';
import type { DataSource, HostServices } from '../host/types';
import type { ImageSource } from './readSeries';

/** As the host itself loads images for its volumes. */
const PRE_SCALED = { preScale: { enabled: true } };

/** What the viewer offers to read images by. */
export function hostImages(
  services: Partial<HostServices>,
  dataSource: DataSource | null
): ImageSource {
  return {
    dataSource,
    client: () => clientOf(services, dataSource),
    headers: () => services.userAuthenticationService?.getAuthorizationHeader?.() ?? {},
    load: (imageId) => cornerstone().imageLoader.loadAndCacheImage(imageId, PRE_SCALED),
    forget: forgetImage,
  };
}
