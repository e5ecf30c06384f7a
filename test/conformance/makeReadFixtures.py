"""Writes small MR series in many encodings, with the values that a reader must find.

Usage: makeReadFixtures.py OUT. Needs pydicom and numpy; dcmtk where it is installed.
Writes OUT/<variant>/* (DICOM) and OUT/<variant>.f32 (expected values, little-endian float32, slices
from foot to head), and prints the variants that could be made.
"""
import os
import shutil
import subprocess
import sys

import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.dataelem import RawDataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence
from pydicom.sequence import Sequence
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

MR = '1.2.840.10008.5.1.4.1.1.4'
ENHANCED_MR = '1.2.840.10008.5.1.4.1.1.4.1'
ROWS, COLUMNS, SLICES = 13, 17, 5
out = sys.argv[1]
made = []


def meta(sop_class, uid, syntax):
    m = FileMetaDataset()
    m.MediaStorageSOPClassUID = sop_class
    m.MediaStorageSOPInstanceUID = uid
    m.TransferSyntaxUID = syntax
    m.ImplementationClassUID = generate_uid()
    return m


def common(sop_class, series, syntax):
    uid = generate_uid()
    ds = FileDataset(None, {}, file_meta=meta(sop_class, uid, syntax), preamble=b'\0' * 128)
    ds.is_little_endian = True
    ds.is_implicit_VR = syntax == ImplicitVRLittleEndian
    ds.SpecificCharacterSet = 'ISO_IR 100'
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, uid
    ds.StudyInstanceUID, ds.SeriesInstanceUID = '2.25.1', series
    ds.FrameOfReferenceUID = '2.25.3'
    ds.PatientName, ds.PatientID = 'Phantom^Reader', 'READ'
    ds.Modality, ds.SeriesNumber, ds.SeriesDescription = 'MR', 7, 'Cisternographie à T2'
    ds.ProtocolName = 'MRC'
    ds.Manufacturer = 'Test'
    ds.Rows, ds.Columns, ds.SamplesPerPixel = ROWS, COLUMNS, 1
    ds.PhotometricInterpretation = 'MONOCHROME2'
    return ds


def pixel_format(ds, dtype, stored):
    ds.BitsAllocated = np.dtype(dtype).itemsize * 8
    ds.BitsStored, ds.HighBit = stored, stored - 1
    ds.PixelRepresentation = 1 if np.dtype(dtype).kind == 'i' else 0


def values(dtype, stored, seed):
    # Smooth with some noise: lossy and predictive coders see something like an image.
    rng = np.random.default_rng(seed)
    i, j, k = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS), np.arange(SLICES), indexing='ij')
    v = np.sin(i / 3.0) * np.cos(j / 4.0) + k / 5.0 + 0.05 * rng.standard_normal(i.shape)
    v = (v - v.min()) / (v.max() - v.min())
    low = -(2 ** (stored - 1)) if np.dtype(dtype).kind == 'i' else 0
    high = low + 2 ** stored - 1
    v = np.round(low + v * (high - low)).astype(dtype)
    return v.transpose(2, 1, 0)


ORIENTATION = [0.6, 0.8, 0, -0.8, 0.6, 0]


def classic(name, dtype, stored, slope=1, intercept=0, syntax=ExplicitVRLittleEndian, overlay=False):
    folder = os.path.join(out, name)
    os.makedirs(folder)
    data = values(dtype, stored, len(made))
    series = generate_uid()
    for k in range(SLICES):
        ds = common(MR, series, syntax)
        ds.InstanceNumber = SLICES - k
        ds.ImageType = ['ORIGINAL', 'PRIMARY', 'M', 'ND']
        ds.ScanningSequence, ds.EchoTime, ds.InversionTime = ['SE', 'IR'], '540', '2250'
        ds.ImagePositionPatient = [-10.5, 20.25, 1.5 * k - 3]
        ds.ImageOrientationPatient = ORIENTATION
        ds.PixelSpacing, ds.SliceThickness = [0.5, 0.75], 1.5
        ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
        pixel_format(ds, dtype, stored)
        frame = np.ascontiguousarray(data[k])
        if overlay:
            # Overlays in the unused high bits, as old files have them (PS3.5 8.1.2).
            for n in range(3):
                group = 0x6000 + 2 * n
                ds.add_new((group, 0x10), 'US', ROWS)
                ds.add_new((group, 0x11), 'US', COLUMNS)
                ds.add_new((group, 0x40), 'CS', 'G')
                ds.add_new((group, 0x50), 'SS', [1, 1])
                ds.add_new((group, 0x100), 'US', 16)
                ds.add_new((group, 0x102), 'US', 12 + n)
            ds.PixelData = (frame.astype(np.uint16) | ((k + 1) << 12)).astype(np.uint16).tobytes()
        elif stored < ds.BitsAllocated and ds.PixelRepresentation == 1:
            mask = (1 << stored) - 1
            ds.PixelData = (frame.astype(np.int32) & mask).astype(np.uint16).tobytes()
        else:
            ds.PixelData = frame.tobytes()
        # Names that sort against the slices and say nothing.
        ds.save_as(os.path.join(folder, 'file%d' % ((k * 3) % SLICES)), write_like_original=False)
    expected(name, data * float(slope) + intercept)


def expected(name, data):
    np.asarray(data, dtype='<f4').tofile(os.path.join(out, name + '.f32'))
    made.append(name)


def converted(name, source, *command):
    if shutil.which(command[0]) is None:
        return
    folder = os.path.join(out, name)
    os.makedirs(folder)
    for entry in os.listdir(os.path.join(out, source)):
        run = subprocess.run([*command, os.path.join(out, source, entry), os.path.join(folder, entry)],
                             capture_output=True, text=True)
        if run.returncode != 0:
            sys.stderr.write(run.stderr)
            shutil.rmtree(folder)
            return
    shutil.copy(os.path.join(out, source + '.f32'), os.path.join(out, name + '.f32'))
    made.append(name)


def decoded_by_dcmtk(name):
    # dcmcjpeg stretches the grey values of lossy images: what dcmdjpeg makes of them is expected.
    slices = []
    for k in range(SLICES if name in made else 0):
        file = os.path.join(out, name, 'file%d' % ((k * 3) % SLICES))
        plain = os.path.join(out, 'plain.tmp')
        subprocess.run(['dcmdjpeg', file, plain], check=True)
        ds = pydicom.dcmread(plain)
        slices.append(ds.pixel_array * float(ds.get('RescaleSlope', 1)) + float(ds.get('RescaleIntercept', 0)))
    if slices:
        np.asarray(slices, dtype='<f4').tofile(os.path.join(out, name + '.f32'))


def enhanced(name, syntax=ExplicitVRLittleEndian, unknown=False):
    folder = os.path.join(out, name)
    os.makedirs(folder)
    data = values(np.uint16, 12, 99)
    order = [2, 0, 4, 1, 3]
    ds = common(ENHANCED_MR, generate_uid(), syntax)
    ds.InstanceNumber = 1
    ds.ImageType = ['ORIGINAL', 'PRIMARY', 'OTHER', 'NONE']
    ds.EchoPulseSequence = 'SPIN'
    ds.ComplexImageComponent = 'MAGNITUDE'
    ds.NumberOfFrames = SLICES
    pixel_format(ds, np.uint16, 12)
    shared, orientation, measures, modifier, echo = (Dataset() for _ in range(5))
    orientation.ImageOrientationPatient = ORIENTATION
    measures.PixelSpacing, measures.SliceThickness = [0.5, 0.75], 1.5
    modifier.InversionRecovery, modifier.InversionTimes = 'YES', [2050.0]
    echo.EffectiveEchoTime = 540.0
    shared.PlaneOrientationSequence = Sequence([orientation])
    shared.PixelMeasuresSequence = Sequence([measures])
    shared.MRModifierSequence = Sequence([modifier])
    shared.MREchoSequence = Sequence([echo])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    frames, result = [], np.zeros(data.shape)
    for n, k in enumerate(order):
        item, position, transformation = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [-10.5, 20.25, 1.5 * k - 3]
        transformation.RescaleSlope, transformation.RescaleIntercept = n + 1, -n
        transformation.RescaleType = 'US'
        item.PlanePositionSequence = Sequence([position])
        item.PixelValueTransformationSequence = Sequence([transformation])
        frames.append(item)
        result[k] = data[k] * float(n + 1) - n
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    ds.PixelData = np.ascontiguousarray(data[order]).tobytes()
    if unknown:
        # As archives with an old dictionary keep them: UN with a length, implicit inside (PS3.5 6.2.2).
        pydicom.config.replace_un_with_known_vr = False
        for keyword in ('SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence'):
            stream = DicomBytesIO()
            stream.is_little_endian = stream.is_implicit_VR = True
            write_sequence(stream, ds[keyword], ['iso8859'])
            value, tag = stream.getvalue(), ds[keyword].tag
            ds._dict[tag] = RawDataElement(tag, 'UN', len(value), value, 0, False, True)
    ds.save_as(os.path.join(folder, 'multiframe'), write_like_original=False)
    expected(name, result)


classic('unsigned16', np.uint16, 16)
classic('unsigned12', np.uint16, 12, 2, -4096)
classic('signed16', np.int16, 16, 0.5, 3)
classic('signed12', np.int16, 12)
classic('overlay12', np.uint16, 12, overlay=True)
classic('eight', np.uint8, 8)
classic('unsigned32', np.uint32, 20)
classic('implicit', np.int16, 16, 1, -7, ImplicitVRLittleEndian)
converted('big-endian', 'signed16', 'dcmconv', '+tb')
converted('deflated', 'unsigned12', 'dcmconv', '+td')
converted('rle', 'signed16', 'dcmcrle')
converted('rle-8', 'eight', 'dcmcrle')
converted('jpeg-lossless', 'unsigned12', 'dcmcjpeg', '+el', '+sv', '6')
converted('jpeg-lossless-sv1', 'unsigned16', 'dcmcjpeg', '+e1')
for predictor in range(1, 8):
    converted('jpeg-lossless-16-sv%d' % predictor, 'unsigned16', 'dcmcjpeg', '+el', '+sv', str(predictor))
converted('jpeg-lossless-8', 'eight', 'dcmcjpeg', '+e1')
converted('jpeg-lossless-pt', 'unsigned16', 'dcmcjpeg', '+el', '+sv', '1', '+pt', '3')
decoded_by_dcmtk('jpeg-lossless-pt')
converted('jpeg-ls-near', 'unsigned12', 'dcmcjpls', '+en', '+md', '3')
converted('jpeg-extended', 'unsigned12', 'dcmcjpeg', '+ee')
converted('jpeg-ls', 'unsigned12', 'dcmcjpls')
converted('jpeg-ls-16', 'unsigned16', 'dcmcjpls')
converted('jpeg-baseline', 'eight', 'dcmcjpeg', '+eb', '+q', '95')
decoded_by_dcmtk('jpeg-baseline')
enhanced('enhanced')
enhanced('enhanced-un', unknown=True)
converted('enhanced-rle', 'enhanced', 'dcmcrle')
converted('enhanced-jpeg-ls', 'enhanced', 'dcmcjpls')
print(' '.join(made))
