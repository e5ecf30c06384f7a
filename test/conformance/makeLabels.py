"""Writes label files with nibabel: the cases of labelFiles.test.ts, independent of our reader and writer."""

import json
import sys

import nibabel as nib
import numpy as np

raw, size, affine, cases = sys.argv[1], *map(json.loads, sys.argv[2:5])
labels = np.fromfile(raw, np.uint8).reshape(size, order="F")
affine = np.array(affine)

for case in cases:
    data, placed = labels, affine
    kind = nib.Nifti2Image if case.get("version") == 2 else nib.Nifti1Image
    if "crop" in case:
        first, last = case["crop"]
        data = data[:, :, first:last]
        placed = placed @ nib.affines.from_matvec(np.eye(3), [0, 0, first])
    if "axes" in case:
        image = nib.Nifti1Image(data, placed)
        before = nib.io_orientation(placed)
        after = nib.orientations.axcodes2ornt(case["axes"])
        turned = image.as_reoriented(nib.orientations.ornt_transform(before, after))
        data, placed = np.asarray(turned.dataobj), turned.affine
    if "finer" in case:
        data = data.repeat(case["finer"], axis=0)
        shift = np.array([-(case["finer"] - 1) / (2 * case["finer"]), 0, 0])
        scale = np.diag([1 / case["finer"], 1, 1])
        placed = placed @ nib.affines.from_matvec(scale, shift)
    if case.get("mirrored"):
        placed = np.diag([-1, 1, 1, 1]) @ placed
    if case.get("lps"):
        placed = np.diag([-1, -1, 1, 1]) @ placed
    if case.get("last"):
        data = data.reshape(*data.shape, 1)
    dtype = np.dtype(case.get("type", "uint8"))
    header = kind.header_class(endianness=case.get("endian", "<"))
    header.set_data_dtype(dtype.newbyteorder(case.get("endian", "<")))
    header.set_data_shape(data.shape)
    image = kind(data.astype(dtype), None, header)
    image.header.set_xyzt_units(case.get("units", "mm"))
    image.set_sform(placed, case.get("sform", 1))
    image.set_qform(placed, case.get("qform", 1))
    if case.get("other"):
        moved = placed.copy()
        moved[0, 3] += case["other"]
        image.set_qform(moved, 1)
    if "slope" in case:
        slope, inter = case["slope"]
        image = kind(((data - inter) / slope).astype(dtype), None, image.header)
        image.header.set_slope_inter(slope, inter)
    nib.save(image, case["file"])
