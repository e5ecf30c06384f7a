"""Recomputes the EH ratios of a study from its DICOM files and our SEG, sharing no code with us.

Usage: independentRatio.py STUDY RESULT. Reads RESULT/measurement.json for the roles of the series and the
representative images only, RESULT/segmentation.dcm for the regions, and every MR image below STUDY.
Plain loops: a pixel counts as endolymph where (PPI - PEI) * MRC < 0. Prints JSON: ear, organ, counts on
the representative image and in the whole stack, volumes in mm3.
"""
import json
import os
import sys

import pydicom

study, result = sys.argv[1:3]
with open(os.path.join(result, 'measurement.json')) as f:
    published = json.load(f)
role_of = {published['study'][role]: role for role in ('mrc', 'ppi', 'pei')}


def real(ds):
    slope = float(getattr(ds, 'RescaleSlope', 1))
    intercept = float(getattr(ds, 'RescaleIntercept', 0))
    return [[slope * int(v) + intercept for v in row] for row in ds.pixel_array]


def place(position):
    return tuple(round(float(x), 2) for x in position)


images = {'mrc': {}, 'ppi': {}, 'pei': {}}
mrc_uid, area, thickness_points = {}, None, []
for folder, _, names in os.walk(study):
    for name in names:
        try:
            ds = pydicom.dcmread(os.path.join(folder, name))
        except pydicom.errors.InvalidDicomError:
            continue
        role = role_of.get(getattr(ds, 'SeriesInstanceUID', None))
        if role is None:
            continue
        where = place(ds.ImagePositionPatient)
        images[role][where] = real(ds)
        if role == 'mrc':
            mrc_uid[where] = ds.SOPInstanceUID
            area = float(ds.PixelSpacing[0]) * float(ds.PixelSpacing[1])
            r, c = ds.ImageOrientationPatient[:3], ds.ImageOrientationPatient[3:]
            normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]
            thickness_points.append(sum(float(p) * float(n) for p, n in zip(where, normal)))
thickness_points.sort()
step = (thickness_points[-1] - thickness_points[0]) / (len(thickness_points) - 1)

seg = pydicom.dcmread(os.path.join(result, 'segmentation.dcm'))
masks = seg.pixel_array
if masks.ndim == 2:
    masks = masks[None]
labels = {int(s.SegmentNumber): str(s.SegmentLabel).lower() for s in seg.SegmentSequence}
shared = seg.SharedFunctionalGroupsSequence[0]
counts = {}
for frame, groups in zip(masks, seg.PerFrameFunctionalGroupsSequence):
    label = labels[int(groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber)]
    organ = next((o for o in ('cochlea', 'vestibule') if o in label), None)
    ear = next((e for e in ('left', 'right') if e in label), None)
    if organ is None or ear is None or 'endolymph' in label:
        continue
    where = place(groups.PlanePositionSequence[0].ImagePositionPatient)
    mrc, ppi, pei = (images[role][where] for role in ('mrc', 'ppi', 'pei'))
    total = endolymph = 0
    for j in range(frame.shape[0]):
        for i in range(frame.shape[1]):
            if frame[j][i] == 0:
                continue
            total += 1
            if (ppi[j][i] - pei[j][i]) * mrc[j][i] < 0:
                endolymph += 1
    entry = counts.setdefault((ear, organ), {'total': 0, 'endolymph': 0, 'slices': {}})
    entry['total'] += total
    entry['endolymph'] += endolymph
    entry['slices'][mrc_uid[where]] = (total, endolymph)

found = []
for (ear, organ), entry in sorted(counts.items()):
    chosen = published['ears'][ear][organ]['area']['image']['sopInstanceUid']
    total, endolymph = entry['slices'][chosen]
    found.append({
        'ear': ear, 'organ': organ,
        'totalPixels': total, 'endolymphPixels': endolymph,
        'totalVoxels': entry['total'], 'endolymphVoxels': entry['endolymph'],
        'totalMm3': entry['total'] * area * step, 'endolymphMm3': entry['endolymph'] * area * step,
    })
print(json.dumps(found))
