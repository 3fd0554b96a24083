# SPDX-License-Identifier: BSD-3-Clause
"""A picture on standard input, as a small PNG on standard output, without the rows of one colour at
its end.

usage: small_png.py [LEFT]      LEFT: so many columns are left out at the left

It reads PGM (8 bits), and writes 16 greys; or PNG (8 bits, RGB or RGBA), and writes RGB."""

import struct
import sys
import zlib

MARGIN = 20  # rows of one colour that stay at the end


def chunk(name, content):
    return (struct.pack('>I', len(content)) + name + content
            + struct.pack('>I', zlib.crc32(name + content)))


def read_pgm(data):
    """Rows of bytes, one for each pixel."""
    header, size, depth, pixels = data.split(b'\n', 3)
    assert header == b'P5' and depth == b'255'
    width, height = map(int, size.split())
    return [pixels[y * width:(y + 1) * width] for y in range(height)]


def paeth(left, above, corner):
    """The predictor of filter 4: PNG specification, section 9.4."""
    distances = [abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)]
    return (left, above, corner)[distances.index(min(distances))]


def unfiltered(kind, row, above, step):
    row = bytearray(row)
    for at, byte in enumerate(row):
        left, corner = (row[at - step], above[at - step]) if at >= step else (0, 0)
        row[at] = byte + (0, left, above[at], (left + above[at]) // 2,
                          paeth(left, above[at], corner))[kind] & 255
    return row


def read_png(data):
    """Rows of bytes, three for each pixel."""
    at, packed = 8, b''
    while at < len(data):
        length, name = struct.unpack('>I4s', data[at:at + 8])
        content = data[at + 8:at + 8 + length]
        if name == b'IHDR':
            width, height, depth, colours, _, _, interlaced = struct.unpack('>IIBBBBB', content)
            assert depth == 8 and colours in (2, 6) and not interlaced
        elif name == b'IDAT':
            packed += content
        at += length + 12
    step = 3 if colours == 2 else 4
    pixels = zlib.decompress(packed)
    row, rows = bytearray(width * step), []
    for y in range(height):
        begin = y * (width * step + 1)
        row = unfiltered(pixels[begin], pixels[begin + 1:begin + 1 + width * step], row, step)
        rows.append(b''.join(row[x:x + 3] for x in range(0, len(row), step)))
    return rows


def trimmed(rows, step):
    def is_plain(row):
        return row == row[-step:] * (len(row) // step)
    while len(rows) > MARGIN and is_plain(rows[-1]) and rows[-1] == rows[-MARGIN]:
        rows.pop()
    return rows


def in_16_greys(row):
    greys = [round(grey / 17) for grey in row] + [15] * (len(row) % 2)
    return bytes(left << 4 | right for left, right in zip(greys[::2], greys[1::2]))


def subtracted(row, above):
    """Filter 2, which suits flat surfaces."""
    return bytes((byte - upper) & 255 for byte, upper in zip(row, above))


source = sys.stdin.buffer.read()
left_out = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if source.startswith(b'P5'):
    lines = trimmed([row[left_out:] for row in read_pgm(source)], 1)
    header = len(lines[0]), len(lines), 4, 0, 0, 0, 0
    content = b''.join(b'\0' + in_16_greys(row) for row in lines)
else:
    lines = trimmed([row[3 * left_out:] for row in read_png(source)], 3)
    header = len(lines[0]) // 3, len(lines), 8, 2, 0, 0, 0
    content = b''.join(b'\2' + subtracted(row, above)
                       for row, above in zip(lines, [bytes(len(lines[0]))] + lines))
sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', *header))
                        + chunk(b'IDAT', zlib.compress(content, 9)) + chunk(b'IEND', b''))
