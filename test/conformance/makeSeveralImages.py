"""Writes small MR series with several images at one place, each variant in a folder of its own.

Usage: makeSeveralImages.py OUT. Twelve slices of 6 x 5 pixels with other values in each.
"""
import copy
import os
import sys

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

out = sys.argv[1]
count = 0


def image(k, values=0, **changes):
    global count
    count += 1
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.4'
    meta.MediaStorageSOPInstanceUID = f'2.25.77.{count}'
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset(None, {}, file_meta=meta, preamble=b'\0' * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = '2.25.1', '2.25.2', '2.25.3'
    ds.Modality, ds.SeriesDescription, ds.SeriesNumber, ds.PatientID = 'MR', 'PPI', 3, 'SEVERAL'
    ds.ImageType = ['ORIGINAL', 'PRIMARY', 'M', 'ND']
    ds.EchoTime, ds.InversionTime, ds.RepetitionTime = '540', '2250', '9000'
    ds.InstanceNumber = count
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [1, 2, k], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [0.5, 0.5], 1
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = 6, 5, 1, 'MONOCHROME2'
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    pixels = (np.arange(30).reshape(6, 5) + 40 * k + values).astype(np.uint16)
    ds.PixelData = pixels.tobytes()
    for key, value in changes.items():
        setattr(ds, key, value)
    return ds


def stack(values=0, **changes):
    return [image(k, values, **changes) for k in range(12)]


def save(variant, images, implicit=False):
    folder = os.path.join(out, variant)
    os.makedirs(folder)
    for n, ds in enumerate(images):
        if implicit:
            ds.file_meta.TransferSyntaxUID, ds.is_implicit_VR = ImplicitVRLittleEndian, True
        ds.save_as(os.path.join(folder, f'{n:03d}.dcm'), write_like_original=False)


def item(**values):
    ds = Dataset()
    for key, value in values.items():
        setattr(ds, key, value)
    return ds


def scaled(ds, creator='Philips MR Imaging DD 001'):
    block = ds.private_block(0x2005, creator, create=True)
    block.add_new(0x0E, 'FL', 0.004)
    return ds


def enhanced(images, slopes=False):
    ds = copy.deepcopy(images[0])
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = '1.2.840.10008.5.1.4.1.1.4.1'
    frames = []
    for one in images:
        kind = {'M': 'MAGNITUDE', 'P': 'PHASE'}[one.ImageType[2]]
        frame = item(
            PlanePositionSequence=Sequence([item(ImagePositionPatient=one.ImagePositionPatient)]),
            MREchoSequence=Sequence([item(EffectiveEchoTime=float(one.EchoTime))]),
            MRImageFrameTypeSequence=Sequence([item(FrameType=one.ImageType, ComplexImageComponent=kind)]),
        )
        if slopes:
            frame.PixelValueTransformationSequence = Sequence(
                [item(RescaleSlope='2.5', RescaleIntercept='0', RescaleType='US')])
            frame.private_block(0x2005, 'Philips MR Imaging DD 005', create=True).add_new(
                0x0F, 'SQ', Sequence([scaled(Dataset())]))
        frames.append(frame)
    for key in ('ImagePositionPatient', 'EchoTime', 'RescaleSlope', 'RescaleIntercept'):
        if key in ds:
            delattr(ds, key)
    ds.NumberOfFrames = len(images)
    ds.SharedFunctionalGroupsSequence = Sequence([item(
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]),
        PixelMeasuresSequence=Sequence([item(PixelSpacing=[0.5, 0.5], SliceThickness=1)]))])
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    ds.PixelData = b''.join(one.PixelData for one in images)
    return ds


PHASE = ['ORIGINAL', 'PRIMARY', 'P', 'ND']
save('plain', stack())
save('phase', stack(900, ImageType=['ORIGINAL', 'PRIMARY', 'PHASE MAP', 'P']) + stack())
save('component', stack() + stack(900, ComplexImageComponent='PHASE'))
save('echoes', stack(500, EchoTime='90') + stack())
save('dynamics', stack(AcquisitionNumber=1) + stack(7, AcquisitionNumber=2))
save('projection', stack() + [image(3, 99, ImageType=['DERIVED', 'PRIMARY', 'PROJECTION IMAGE', 'MIP'],
                                    ImageOrientationPatient=[1, 0, 0, 0, 0, -1])])
colour = dict(SamplesPerPixel=3, PhotometricInterpretation='RGB', PlanarConfiguration=0, BitsAllocated=8,
              BitsStored=8, HighBit=7, ImageType=['DERIVED', 'SECONDARY'], PixelData=bytes(90))
save('colour', [image(2, **colour), image(3, **colour)] + stack())
save('palette', stack(900, PhotometricInterpretation='PALETTE COLOR') + stack())
save('palette-alone', stack(PhotometricInterpretation='PALETTE COLOR'))
save('enhanced-phase', [enhanced(stack(900, ImageType=PHASE) + stack())])
save('enhanced-echoes', [enhanced(stack(500, EchoTime='90') + stack())])
save('philips', [scaled(ds) for ds in stack(RescaleSlope='2.5', RescaleIntercept='0')])
save('philips-implicit', [scaled(ds) for ds in stack(RescaleSlope='2.5', RescaleIntercept='0')], implicit=True)
save('philips-enhanced', [enhanced(stack(), slopes=True)])
save('other-creator', [scaled(ds, 'Somebody Else') for ds in stack(RescaleSlope='2.5', RescaleIntercept='0')])
