"""Say what a zip archive holds, one line an entry:

name in hexadecimal UTF-8, the UTF-8 mark, bits of the mode, the year, size,
and the CRC of the content as it was unpacked. With "--text": the content of
all entries instead, one behind the other; of a directory, all its archives.
"""

import pathlib
import sys
import zipfile
import zlib


def describe(entry, content):
    print(
        entry.filename.encode("utf-8").hex(),
        "utf8" if entry.flag_bits & 0x800 else "plain",
        oct(entry.external_attr >> 16),
        entry.date_time[0],
        len(content),
        "%08x" % zlib.crc32(content),
    )


target = pathlib.Path(sys.argv[2])
for path in sorted(target.glob("*.zip")) if target.is_dir() else [target]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            content = archive.read(entry)
            if sys.argv[1] == "--text":
                sys.stdout.buffer.write(content)
            else:
                describe(entry, content)
