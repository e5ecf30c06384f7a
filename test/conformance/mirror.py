"""Rewrites the axial MR images of a directory.

Usage: mirror.py patient|storage IN OUT. `patient` mirrors the anatomy at the sagittal plane x = 0; `storage` stores the
same anatomy with its columns in reverse and the orientation that says so.
"""
import os
import sys

import numpy as np
import pydicom

kind, source, out = sys.argv[1:4]
os.makedirs(out)
for name in os.listdir(source):
    ds = pydicom.dcmread(os.path.join(source, name))
    assert [float(x) for x in ds.ImageOrientationPatient] == [1, 0, 0, 0, 1, 0]
    ds.PixelData = np.ascontiguousarray(ds.pixel_array[:, ::-1]).tobytes()
    x, y, z = (float(v) for v in ds.ImagePositionPatient)
    last = x + (ds.Columns - 1) * float(ds.PixelSpacing[1])
    if kind == 'patient':
        ds.ImagePositionPatient = [-last, y, z]
    else:
        ds.ImagePositionPatient = [last, y, z]
        ds.ImageOrientationPatient = [-1, 0, 0, 0, 1, 0]
    ds.save_as(os.path.join(out, name))
