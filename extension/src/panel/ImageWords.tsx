import { Fragment } from 'react';
import { shortImageName, type ImageReference } from '@inner-ear-hydrops/core';

/** "image 1, frame 38", which breaks after the comma alone where there is no room. */
export function ImageWords({ image }: { image: ImageReference }) {
  const parts = shortImageName(image).split(/(?<=,) /);
  return parts.map((part, index) => (
    <Fragment key={part}>
      {index > 0 && ' '}
      <span className="unbroken">{part}</span>
    </Fragment>
  ));
}
