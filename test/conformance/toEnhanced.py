"""Rewrites the MR series of a directory as Enhanced MR multi-frame objects, one a series.

Usage: toEnhanced.py IN OUT. Same pixels, positions, rescale and identifiers; frames in an order of their own.
"""
import os
import sys

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

source, out = sys.argv[1:3]
os.makedirs(out)
series = {}
for name in sorted(os.listdir(source)):
    ds = pydicom.dcmread(os.path.join(source, name))
    series.setdefault(ds.SeriesInstanceUID, []).append(ds)


def item(**values):
    ds = Dataset()
    for key, value in values.items():
        setattr(ds, key, value)
    return ds


for number, (uid, images) in enumerate(series.items()):
    images.sort(key=lambda ds: -float(ds.ImagePositionPatient[2]))
    first = images[0]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.4.1'
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset(None, {}, file_meta=meta, preamble=b'\0' * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    for key in ('SpecificCharacterSet', 'StudyInstanceUID', 'SeriesInstanceUID', 'FrameOfReferenceUID',
                'PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex', 'StudyDate', 'StudyTime',
                'StudyID', 'AccessionNumber', 'ReferringPhysicianName', 'Modality', 'SeriesNumber',
                'SeriesDescription', 'ProtocolName', 'Manufacturer', 'ImageType', 'Rows', 'Columns',
                'SamplesPerPixel', 'PhotometricInterpretation', 'BitsAllocated', 'BitsStored', 'HighBit',
                'PixelRepresentation'):
        if key in first:
            setattr(ds, key, getattr(first, key))
    ds.InstanceNumber = 1
    ds.NumberOfFrames = len(images)
    timing = item(RepetitionTime=first.RepetitionTime)
    shared = item(
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=first.ImageOrientationPatient)]),
        PixelMeasuresSequence=Sequence([item(PixelSpacing=first.PixelSpacing,
                                             SliceThickness=first.SliceThickness)]),
        MRTimingAndRelatedParametersSequence=Sequence([timing]),
        MREchoSequence=Sequence([item(EffectiveEchoTime=float(first.EchoTime))]),
    )
    if 'InversionTime' in first:
        shared.MRModifierSequence = Sequence([item(InversionRecovery='YES',
                                                   InversionTimes=float(first.InversionTime))])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for image in images:
        frames.append(item(
            PlanePositionSequence=Sequence([item(ImagePositionPatient=image.ImagePositionPatient)]),
            PixelValueTransformationSequence=Sequence([item(
                RescaleSlope=getattr(image, 'RescaleSlope', 1),
                RescaleIntercept=getattr(image, 'RescaleIntercept', 0), RescaleType='US')]),
        ))
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    ds.PixelData = np.stack([image.pixel_array for image in images]).tobytes()
    ds.save_as(os.path.join(out, f'{number}.dcm'), write_like_original=False)
