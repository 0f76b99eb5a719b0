"""Media files that mean harm or came to harm, built byte by byte."""

import struct
from pathlib import Path


def wav(
    rate_hz: int = 48_000,
    channels: int = 1,
    data: bytes = bytes(9600),
    *,
    bits: int = 16,
    format_tag: int = 1,
    claimed_bytes: int | None = None,
) -> bytes:
    """A WAV file that claims what it is told to claim."""
    width = channels * bits // 8
    size = len(data) if claimed_bytes is None else claimed_bytes
    head = struct.pack(
        "<HHIIHH", format_tag, channels, rate_hz, rate_hz * width & 0xFFFFFFFF, width & 0xFFFF, bits
    )
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", size) + data
    return b"RIFF" + struct.pack("<I", 4 + len(body) & 0xFFFFFFFF) + body


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << (bits - 8)
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc >> (bits - 1) else crc << 1) & ((1 << bits) - 1)
    return crc


def silent_flac(seconds: int, rate_hz: int = 8000) -> bytes:
    """Silence as FLAC frames of 65,535 constant samples (RFC 9639): some 16 bytes for 8 s."""
    block = 65_535
    frames = seconds * rate_hz // block
    info = struct.pack(">HH", block, block) + bytes(6)
    info += (rate_hz << 44 | 0 << 41 | 15 << 36 | frames * block).to_bytes(8, "big") + bytes(16)
    out = [b"fLaC\x80" + len(info).to_bytes(3, "big") + info]
    for number in range(frames):
        frame = b"\xff\xf8\x70\x08" + chr(number).encode("utf-8", "surrogatepass")
        frame += struct.pack(">H", block - 1)
        frame += bytes([_crc(frame, 0x07, 8)]) + bytes(3)
        out.append(frame + _crc(frame, 0x8005, 16).to_bytes(2, "big"))
    return b"".join(out)


def playlists(canary: Path) -> dict[str, bytes]:
    """Files that ask a reader to open another."""
    name = str(canary)
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n"
    sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
    segment = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n{}\n#EXTINF:5,\n/dev/zero\n#EXT-X-ENDLIST\n"
    return {
        "hls": hls.format(f"file://{name}").encode(),
        "hls by name": hls.format(name).encode(),
        "hls of hls": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{name}\n".encode(),
        "hls header": segment.format(f'#EXT-X-MAP:URI="{name}"').encode(),
        "hls key": segment.format(f'#EXT-X-KEY:METHOD=AES-128,URI="{name}"').encode(),
        "m3u": f"#EXTM3U\n{name}\n".encode(),
        "concat": f"ffconcat version 1.0\nfile '{name}'\n".encode(),
        "sdp": sdp.encode(),
        "dash": (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
            f'<Period><AdaptationSet mimeType="audio/wav"><Representation id="0"><BaseURL>file://{name}'
            f"</BaseURL></Representation></AdaptationSet></Period></MPD>"
        ).encode(),
        "ffmetadata": b";FFMETADATA1\ntitle=x\n",
        "image sequence": b"P6 1 1 255 abc",
        "subtitles": b"1\n00:00:00,000 --> 00:00:01,000\nhello\n",
        "pls": f"[playlist]\nFile1={name}\nNumberOfEntries=1\n".encode(),
        "asx": f'<asx version="3"><entry><ref href="{name}"/></entry></asx>'.encode(),
        "smil": f'<smil><body><audio src="{name}"/></body></smil>'.encode(),
        "vobsub": b"# VobSub index file, v7\nlangidx: 0\nid: en, index: 0\n",
        "xspf": f"<playlist><track><location>file://{name}</location></track></playlist>".encode(),
    }


def atom(kind: bytes, body: bytes) -> bytes:
    """One MP4 box."""
    return struct.pack(">I", 8 + len(body)) + kind + body


def with_itunes_gapless(m4a: bytes, priming: int, padding: int, samples: int) -> bytes:
    """An M4A whose index is its last box, with iTunes' gapless tag put into that."""
    value = f" 00000000 {priming:08X} {padding:08X} {samples:016X} " + "00000000 " * 8
    tag = atom(
        b"----",
        atom(b"mean", bytes(4) + b"com.apple.iTunes")
        + atom(b"name", bytes(4) + b"iTunSMPB")
        + atom(b"data", struct.pack(">II", 1, 0) + value.strip("\n").encode()),
    )
    handler = atom(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    udta = atom(b"udta", atom(b"meta", bytes(4) + handler + atom(b"ilst", tag)))
    at = m4a.rindex(b"moov") - 4
    return m4a[:at] + atom(b"moov", m4a[at + 8 :] + udta)


def with_sound_elsewhere(mov: bytes, other: Path) -> bytes:
    """A QuickTime film whose index is its last box, its sound in another file by an alias."""
    path = str(other).encode()
    path += bytes(len(path) % 2)
    alias = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16) + struct.pack(">HH", 0, 0)
    alias += bytes(16) + struct.pack(">HH", 2, len(path)) + path + struct.pack(">HH", 0xFFFF, 0)
    own = atom(b"url ", struct.pack(">I", 1))
    return _replaced(mov, own, atom(b"alis", bytes(4) + alias), at=mov.rindex(b"moov") - 4)


def _replaced(box: bytes, old: bytes, new: bytes, at: int = 0) -> bytes:
    """An MP4 with a box inside the box at `at` replaced, and all around that made larger."""
    size, kind = struct.unpack_from(">I4s", box, at)
    grown = box[at + 8 : at + size]
    place = grown.index(old)
    grown = grown[:place] + new + grown[place + len(old) :]
    around = [b"trak", b"mdia", b"minf", b"dinf", b"dref"]
    for name in around:
        first = grown.rindex(name, 0, place) - 4
        larger = struct.unpack_from(">I", grown, first)[0] + len(new) - len(old)
        grown = grown[:first] + struct.pack(">I", larger) + grown[first + 4 :]
    return box[:at] + atom(kind, grown) + box[at + size :]


def id3_with_picture() -> bytes:
    """An ID3 tag with a front cover, and no frame of sound after it."""
    picture = b"\x00image/png\x00\x03\x00" + b"\x89PNG\r\n\x1a\n" + bytes(64)
    frame = b"APIC" + struct.pack(">I", len(picture)) + b"\x00\x00" + picture
    size = len(frame)
    synchsafe = bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return b"ID3\x03\x00\x00" + synchsafe + frame
