"""Writes a study in many encodings of the same images, each as a study of its own.

Usage: makeEncodings.py IN OUT. IN holds the MRC, PPI and PEI series of one study, uncompressed. Writes OUT/<variant>/*
and prints the variants that could be made. Needs pydicom and numpy; dcmtk for the compressed ones.
"""
import os
import shutil
import subprocess
import sys

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

source, out = sys.argv[1:3]
made = []
images = {'MRC': [], 'PPI': [], 'PEI': []}
for name in sorted(os.listdir(source)):
    ds = pydicom.dcmread(os.path.join(source, name))
    for role in images:
        if role in ds.SeriesDescription:
            images[role].append(ds)
for series in images.values():
    series.sort(key=lambda ds: float(ds.ImagePositionPatient[2]))


def values(ds):
    return ds.pixel_array * float(ds.get('RescaleSlope', 1)) + float(ds.get('RescaleIntercept', 0))


# MRC is scaled by itself, PPI and PEI, which are subtracted, together.
top = {'MRC': max(values(ds).max() for ds in images['MRC'])}
top['PPI'] = top['PEI'] = max(values(ds).max() for role in ('PPI', 'PEI') for ds in images[role])


class Pixels:
    """How one series is stored; `reach` is its largest value after the rescale."""

    def __init__(self, reach, slope=1, intercept=0, bits=12, signed=False, whole=False, coder=None):
        self.reach, self.slope, self.intercept = reach, slope, intercept
        self.bits, self.signed, self.whole, self.coder = bits, signed, whole, coder

    def of(self, ds, role, slope=None):
        slope = slope or self.slope
        scaled = np.maximum(values(ds), 0) * (self.reach / top[role])
        low = -(2 ** (self.bits - 1)) if self.signed else 0
        stored = np.clip(np.rint((scaled - self.intercept) / slope), low, low + 2 ** self.bits - 1)
        # A whole largest value has the viewer's loader choose an array of integers.
        if self.whole:
            stored = np.minimum(stored, 10 * (stored.max() // 10))
        size = 8 if self.bits <= 8 else 16
        kind = 'i' if self.signed else 'u'
        return stored.astype(np.dtype(f'{kind}{size // 8}'))

    def describe(self, ds):
        ds.BitsAllocated = 8 if self.bits <= 8 else 16
        ds.BitsStored, ds.HighBit = self.bits, self.bits - 1
        ds.PixelRepresentation = 1 if self.signed else 0
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, 'MONOCHROME2'


def raw(pixels, stored):
    """Bits beyond Bits Stored are zero, as PS3.5 has it for unsigned and many write it for signed values."""
    if pixels.signed and pixels.bits not in (8, 16):
        stored = (stored.astype(np.int32) & ((1 << pixels.bits) - 1)).astype(np.uint16)
    data = np.ascontiguousarray(stored).tobytes()
    return data + b'\0' * (len(data) % 2)


def identify(ds, variant, role):
    ds.StudyInstanceUID = generate_uid(entropy_srcs=[variant])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=[variant, role])
    ds.PatientID = variant.upper()
    for keyword in ('SmallestImagePixelValue', 'LargestImagePixelValue', 'WindowCenter', 'WindowWidth'):
        if keyword in ds:
            delattr(ds, keyword)


def finish(path, coder):
    if coder is None:
        return
    subprocess.run([*coder, path, path + '.tmp'], check=True, capture_output=True)
    os.replace(path + '.tmp', path)


def classic(variant, role, pixels, folder):
    for index, image in enumerate(images[role]):
        ds = pydicom.dcmread(image.filename)
        identify(ds, variant, role)
        ds.SOPInstanceUID = generate_uid(entropy_srcs=[variant, role, str(index)])
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        pixels.describe(ds)
        ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = pixels.slope, pixels.intercept, 'US'
        ds.PixelData = raw(pixels, pixels.of(image, role))
        ds['PixelData'].VR = 'OW'
        path = os.path.join(folder, f'{role}-{index:04d}.dcm')
        ds.save_as(path, write_like_original=False)
        finish(path, pixels.coder)


def item(**content):
    ds = Dataset()
    for key, value in content.items():
        setattr(ds, key, value)
    return ds


def enhanced(variant, role, pixels, folder, slopes, interleaved):
    """One multi-frame object; frame n has the rescale slope slopes[n % len(slopes)].

    Frames stand from the feet to the head, or interleaved, as slices are often acquired: 1, 3, 5 …, 2, 4, 6 ….
    """
    ordered = images[role]
    if interleaved:
        ordered = ordered[::2] + ordered[1::2]
    first = ordered[0]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.4.1'
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[variant, role, 'frames'])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset(None, {}, file_meta=meta, preamble=b'\0' * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    for key in ('SpecificCharacterSet', 'FrameOfReferenceUID', 'PatientName', 'PatientBirthDate', 'PatientSex',
                'StudyDate', 'StudyTime', 'StudyID', 'AccessionNumber', 'ReferringPhysicianName', 'Modality',
                'SeriesNumber', 'SeriesDescription', 'ProtocolName', 'Manufacturer', 'ImageType', 'Rows', 'Columns'):
        if key in first:
            setattr(ds, key, getattr(first, key))
    identify(ds, variant, role)
    pixels.describe(ds)
    ds.InstanceNumber, ds.NumberOfFrames = 1, len(ordered)
    shared = item(
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=first.ImageOrientationPatient)]),
        PixelMeasuresSequence=Sequence([item(PixelSpacing=first.PixelSpacing,
                                             SliceThickness=first.SliceThickness)]),
        MRTimingAndRelatedParametersSequence=Sequence([item(RepetitionTime=first.RepetitionTime)]),
        MREchoSequence=Sequence([item(EffectiveEchoTime=float(first.EchoTime))]),
    )
    if 'InversionTime' in first:
        shared.MRModifierSequence = Sequence([item(InversionRecovery='YES',
                                                   InversionTimes=float(first.InversionTime))])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    frames, stored = [], []
    for n, image in enumerate(ordered):
        slope = slopes[n % len(slopes)]
        stored.append(pixels.of(image, role, slope))
        frames.append(item(
            PlanePositionSequence=Sequence([item(ImagePositionPatient=image.ImagePositionPatient)]),
            PixelValueTransformationSequence=Sequence([item(
                RescaleSlope=slope, RescaleIntercept=pixels.intercept, RescaleType='US')]),
        ))
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    ds.PixelData = raw(pixels, np.stack(stored))
    ds['PixelData'].VR = 'OW'
    path = os.path.join(folder, f'{role}.dcm')
    ds.save_as(path, write_like_original=False)
    finish(path, pixels.coder)


def study(variant, *tools, slopes=None, interleaved=False, **series):
    if any(shutil.which(tool) is None for tool in tools):
        return
    folder = os.path.join(out, variant)
    os.makedirs(folder)
    for role, pixels in series.items():
        if slopes:
            enhanced(variant, role, pixels, folder, slopes, interleaved)
        else:
            classic(variant, role, pixels, folder)
    made.append(variant)


tenth = dict(reach=185.5, slope=0.1, whole=True)
# MRC is compressed to JPEG 2000 by the test itself: Debian has no encoder.
study('tenth', MRC=Pixels(**tenth), PPI=Pixels(**tenth), PEI=Pixels(**tenth))
# Each series by itself is another case of another codec.
study('compressed', 'dcmcjpeg', 'dcmcrle', 'dcmcjpls',
      MRC=Pixels(4000, 2, -1024, coder=['dcmcjpeg', '+el']),
      PPI=Pixels(900, 0.5, 37.5, bits=16, signed=True, coder=['dcmcrle']),
      PEI=Pixels(900, 0.5, 400, bits=16, signed=True, coder=['dcmcjpls']))
study('eight-bits', MRC=Pixels(250, 1, bits=8), PPI=Pixels(50, 0.2, 25.4, bits=8, signed=True),
      PEI=Pixels(50, 0.05, 25, signed=True))
# One multi-frame object a series; each frame has a slope of its own.
study('per-frame', 'dcmcjpls', slopes=[0.1, 0.25, 0.3], interleaved=True,
      MRC=Pixels(400, coder=['dcmcjpls']), PPI=Pixels(185.5, whole=True),
      PEI=Pixels(185.5, whole=True, coder=['dcmcjpls']))
print(' '.join(made))
