"""Writes one small MR image for each character set, and prints what pydicom reads from them, as JSON.

Usage: makeTextFixtures.py OUT. With --read FILE…: prints the patient's names that pydicom reads.
"""
import json
import os
import sys

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.valuerep import PersonName
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

NAMES = {
    'latin1': ('ISO_IR 100', 'Müller^Anaïs'),
    'latin2': ('ISO_IR 101', 'Wałęsa^Łukasz'),
    'cyrillic': ('ISO_IR 144', 'Люкceмбypг'),
    'arabic': ('ISO_IR 127', 'قباني^لنزار'),
    'greek': ('ISO_IR 126', 'Διονυσιος'),
    'hebrew': ('ISO_IR 138', 'שרון^דבורה'),
    'turkish': ('ISO_IR 148', 'Çavuşoğlu'),
    'thai': ('ISO_IR 166', 'นามสกุล'),
    'korean': (['', 'ISO 2022 IR 149'], 'Hong^Gildong=洪^吉洞=홍^길동'),
    'japanese': (['', 'ISO 2022 IR 87'], 'Yamada^Tarou=山田^太郎=やまだ^たろう'),
    'japanese-katakana': (['ISO 2022 IR 13', 'ISO 2022 IR 87'], 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'),
    # As in PS3.5 K.2; pydicom 2.3 neither writes the escapes nor takes them out.
    'chinese': (['', 'ISO 2022 IR 58'], b'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab='),
    'utf8': ('ISO_IR 192', 'Wang^XiaoDong=王^小東='),
    'gb18030': ('GB18030', 'Wang^XiaoDong=王^小东='),
    'gbk': ('GBK', 'Wang^XiaoDong=王^小东='),
}


def read(path):
    ds = pydicom.dcmread(path, stop_before_pixels=True)
    ds.decode()
    return ds


def fixture(path, charset, name, implicit):
    m = FileMetaDataset()
    m.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.4'
    m.MediaStorageSOPInstanceUID = generate_uid()
    m.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    ds = FileDataset(None, {}, file_meta=m, preamble=b'\0' * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, implicit
    ds.SpecificCharacterSet = charset
    ds.SOPClassUID, ds.SOPInstanceUID = m.MediaStorageSOPClassUID, m.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.FrameOfReferenceUID = '2.25.3'
    ds.PatientName, ds.PatientID = PersonName(name) if isinstance(name, bytes) else name, 'TEXT'
    ds.StudyDescription = 'x' if isinstance(name, bytes) else name.split('=')[-1].replace('^', ' ') or 'x'
    ds.Modality, ds.SeriesNumber, ds.SeriesDescription = 'MR', 1, 'MRC'
    # An item of another set, and one that has that of the whole.
    own, inherited = Dataset(), Dataset()
    own.SpecificCharacterSet, own.CodeMeaning = 'ISO_IR 192', 'Cochlée gauche'
    inherited.CodeMeaning = ds.StudyDescription
    ds.ProcedureCodeSequence = Sequence([own, inherited])
    ds.Rows = ds.Columns = 2
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, 'MONOCHROME2'
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.InstanceNumber = 1
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [1, 1], 1
    ds.PixelData = b'\1\0\2\0\3\0\4\0'
    ds.save_as(path, write_like_original=False)


if sys.argv[1] == '--read':
    print(json.dumps([str(read(path).PatientName) for path in sys.argv[2:]]))
else:
    result = {}
    for n, (key, (charset, name)) in enumerate(NAMES.items()):
        path = os.path.join(sys.argv[1], key)
        fixture(path, charset, name, n % 2 == 1)
        ds = read(path)
        result[key] = {
            'name': str(ds.PatientName),
            'description': ds.StudyDescription,
            'codes': [item.CodeMeaning for item in ds.ProcedureCodeSequence],
        }
    result['chinese']['name'] = 'Zhang^XiaoDong=张^小东='
    print(json.dumps(result))
