"""Files signed as made by AI, read back by the C2PA project's own reader."""

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import av
import c2pa  # type: ignore[import-untyped]
import numpy as np
import pytest
import soundfile as sf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.integration.marks.sounds import FROM, decoded, packets, sound

from ytdubber.adapters.c2pa.certificates import given_identity, own_identity
from ytdubber.adapters.c2pa.reading import read_credentials
from ytdubber.adapters.c2pa.signing import SYNTHETIC, C2paSigner
from ytdubber.audio.profiles import AudioFormat
from ytdubber.domain.errors import Cancelled, NotSigned
from ytdubber.files.encrypted import encrypted, open_file

SIGNED = [AudioFormat.FLAC, AudioFormat.WAV, AudioFormat.MP3, AudioFormat.M4A]


@pytest.fixture
def signer(tmp_path: Path) -> C2paSigner:
    return C2paSigner(lambda: own_identity(tmp_path / "c2pa"))


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_every_file_says_in_its_fields_what_it_is(
    audio_format: AudioFormat, tmp_path: Path
) -> None:
    with av.open(str(sound(tmp_path, audio_format))) as container:
        fields = container.metadata | container.streams[0].metadata
    assert fields["title"] == FROM.title
    assert fields["comment"] == "Dubbed by AI: Português."
    assert fields["date"] == "2026-01-02"
    free = audio_format in (AudioFormat.FLAC, AudioFormat.OPUS)
    assert fields["language"] == ("pt-BR" if free else "por")


@pytest.mark.parametrize("audio_format", SIGNED)
def test_a_signed_file_sounds_the_same_and_says_who_made_it(
    audio_format: AudioFormat, signer: C2paSigner, tmp_path: Path
) -> None:
    path = sound(tmp_path, audio_format)
    before, parts = decoded(path), packets(path)
    signer.sign(path, audio_format.value, FROM)
    assert packets(path) == parts
    assert np.array_equal(decoded(path), before)
    assert sf.info(path).frames if audio_format is not AudioFormat.M4A else True
    with av.open(str(path)) as container:
        fields = container.metadata | container.streams[0].metadata
    assert (fields["title"], fields["comment"]) == (FROM.title, FROM.comment)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [path.name]

    found = read_credentials(path)
    assert found is not None
    assert (found.whole, found.trusted, found.synthetic) == (True, False, True)
    assert found.problems == ()
    assert found.signer == "This installation"
    assert found.generator.startswith("YT Dubber ")
    manifest = c2pa.Reader(str(path)).get_active_manifest()
    (actions,) = (
        each["data"]["actions"]
        for each in manifest["assertions"]
        if each["label"].startswith("c2pa.actions")
    )
    assert [each["action"] for each in actions] == ["c2pa.created", "c2pa.dubbed"]
    said = actions[1]["parameters"]
    assert said["ytdubber.languages"] == ["pt-BR"]
    assert said["ytdubber.engines"] == ["kokoro 82m 1-ab12"]


@pytest.mark.parametrize("audio_format", SIGNED)
@pytest.mark.parametrize("where", [0.35, 0.6, 0.97])
def test_one_changed_bit_is_told(
    audio_format: AudioFormat, where: float, signer: C2paSigner, tmp_path: Path
) -> None:
    path = sound(tmp_path, audio_format)
    signer.sign(path, audio_format.value, FROM)
    data = bytearray(path.read_bytes())
    data[int(len(data) * where)] ^= 1
    path.write_bytes(data)
    found = read_credentials(path)
    assert found is not None
    assert not found.whole
    assert found.problems


def test_a_file_without_anything_signed_has_none(tmp_path: Path) -> None:
    for audio_format in AudioFormat:
        assert read_credentials(sound(tmp_path, audio_format)) is None


def test_an_encrypted_file_stays_encrypted(signer: C2paSigner, tmp_path: Path) -> None:
    folder, plain = tmp_path / "scratch", tmp_path / "plain.flac"
    folder.mkdir()
    with encrypted(folder):
        path = sound(folder, AudioFormat.FLAC)
        signer.sign(path, "flac", FROM)
        with open_file(path) as file:
            plain.write_bytes(file.read())
    found = read_credentials(plain)
    assert found is not None
    assert found.whole
    assert b"Dubbed by AI" in plain.read_bytes()
    assert b"Dubbed by AI" not in path.read_bytes()


def test_a_dub_of_something_signed_names_it(signer: C2paSigner, tmp_path: Path) -> None:
    original = sound(tmp_path, AudioFormat.M4A).rename(tmp_path / "talk.m4a")
    assert signer.with_parent(original) is signer
    signer.sign(original, "m4a", FROM)
    dub = sound(tmp_path, AudioFormat.FLAC)
    signer.with_parent(original).sign(dub, "flac", FROM)
    manifest = c2pa.Reader(str(dub)).get_active_manifest()
    (parent,) = manifest["ingredients"]
    assert (parent["title"], parent["relationship"]) == ("talk.m4a", "parentOf")
    found = read_credentials(dub)
    assert found is not None
    assert found.whole
    assert found.synthetic


MEASURE = """
import sys
from pathlib import Path
from ytdubber.adapters.c2pa.certificates import own_identity
from ytdubber.adapters.c2pa.reading import read_credentials
from ytdubber.adapters.c2pa.signing import C2paSigner
from tests.integration.marks.sounds import FROM

def peak_mb():
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) / 1024

small, large, key = map(Path, sys.argv[1:])
signer = C2paSigner(lambda: own_identity(key))
for path in (small, large):
    before_mb = peak_mb()
    signer.sign(path, "mp4", FROM)
    assert read_credentials(path).whole
print(peak_mb() - before_mb)
"""
LARGE_MB = 160


def boxes(path: Path) -> list[tuple[bytes, bytes]]:
    """A file's boxes, each with its kind."""
    data, found = path.read_bytes(), []
    while data:
        size = int.from_bytes(data[:4])
        found.append((data[4:8], data[8:size]))
        data = data[size:]
    return found


def media_last(path: Path, media: bytes, *, more_bytes: int = 0, wide: bool = False) -> None:
    """Write the file with its media at its end, and with so many zeros more in them."""
    rest = b"".join(
        (len(body) + 8).to_bytes(4) + kind + body
        for kind, body in boxes(path)
        if kind in (b"ftyp", b"moov")
    )
    size = len(media) + more_bytes
    head = (1).to_bytes(4) + b"mdat" + (size + 16).to_bytes(8)
    if not wide:
        head = (size + 8).to_bytes(4) + b"mdat"
    path.write_bytes(rest + head + media)
    os.truncate(path, path.stat().st_size + more_bytes)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of one process is read from /proc")
def test_a_film_is_signed_and_read_in_little_memory(tmp_path: Path) -> None:
    sizes = (1 << 20, LARGE_MB << 20)
    files = [sound(tmp_path, AudioFormat.M4A).rename(tmp_path / f"{n}.mp4") for n in sizes]
    for path, more_bytes in zip(files, sizes, strict=True):
        media_last(path, dict(boxes(path))[b"mdat"], more_bytes=more_bytes)
    words = [sys.executable, "-c", MEASURE, *map(str, files), str(tmp_path / "c2pa")]
    grown_mb = float(subprocess.check_output(words, text=True))
    assert grown_mb < LARGE_MB / 5


@pytest.mark.parametrize(("wide", "twice"), [(True, False), (False, True)])
def test_media_that_lie_otherwise_are_bound_too(
    wide: bool, twice: bool, signer: C2paSigner, tmp_path: Path
) -> None:
    path = sound(tmp_path, AudioFormat.M4A)
    media = dict(boxes(path))[b"mdat"]
    media_last(path, media, more_bytes=3 << 20, wide=wide)
    if twice:
        path.write_bytes(path.read_bytes() + (len(media) + 8).to_bytes(4) + b"mdat" + media)
    signer.sign(path, "m4a", FROM)
    found = read_credentials(path)
    assert found is not None
    assert found.whole
    with path.open("r+b") as file:
        file.seek(-9, os.SEEK_END)
        changed = bytes([file.read(1)[0] ^ 1])
        file.seek(-9, os.SEEK_END)
        file.write(changed)
    found = read_credentials(path)
    assert found is not None
    assert not found.whole


def test_a_stop_leaves_the_file_as_it_was(signer: C2paSigner, tmp_path: Path) -> None:
    path = sound(tmp_path, AudioFormat.WAV, 5.0)
    before = path.read_bytes()

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        signer.sign(path, "wav", FROM, stop)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [path.name]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("old.mp3", b"ID3\x03\0\0\0\0\0\0" + bytes(200)),
        ("large.wav", b"RF64" + bytes(200)),
        ("odd.m4a", b"moov" + bytes(200)),
    ],
)
def test_what_has_no_place_for_it_is_told_and_kept(
    name: str, data: bytes, signer: C2paSigner, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(NotSigned, match="could not be signed as made by AI"):
        signer.sign(path, path.suffix.removeprefix("."), FROM)
    assert path.read_bytes() == data


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_an_installation_has_one_key_that_is_its_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "c2pa"
    assert own_identity(folder) == own_identity(folder)
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from ytdubber.adapters.c2pa.certificates import own_identity;"
        "print(hash(own_identity(Path(sys.argv[1])).key))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "c2pa")]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_the_network_is_never_asked(signer: C2paSigner, tmp_path: Path) -> None:
    """A file may name an address at which its manifest is; whoever reads it must not go there."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        path = sound(tmp_path, AudioFormat.WAV)
        identity = signer.identity()
        info = c2pa.C2paSignerInfo(b"es256", identity.chain, identity.key, None)
        created = {"action": "c2pa.created", "digitalSourceType": SYNTHETIC}
        definition = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}]}
        remote = tmp_path / "remote.wav"
        with c2pa.Signer.from_info(info) as other, c2pa.Builder(json.dumps(definition)) as builder:
            builder.set_no_embed()
            builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/manifest")
            with path.open("rb") as source, remote.open("w+b") as target:
                builder.sign(other, "audio/wav", source, target)
        assert f":{server.server_port}/manifest".encode() in remote.read_bytes()
        read_credentials(remote)
        signer.with_parent(remote)
        assert asked == []
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def chain_of(key: Key, ends: timedelta = timedelta(days=30)) -> bytes:
    """A certificate of an operator's, and its issuer's."""
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)

    def certificate(name: str, public: object, *, issues: bool) -> x509.Certificate:
        def named(common: str) -> x509.Name:
            return x509.Name(
                [
                    x509.NameAttribute(NameOID.COMMON_NAME, common),
                    x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Studio"),
                ]
            )

        usage = [not issues, False, False, False, False, issues, issues, False, False]
        built = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("issuer"))
            .public_key(public)  # type: ignore[arg-type]  # one of the three above
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=issues, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(*usage), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
                critical=False,
            )
        )
        if not issues:
            used = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            built = built.add_extension(used, critical=False)
        return built.sign(issuer_key, hashes.SHA256())

    made = [
        certificate("studio", key.public_key(), issues=False),
        certificate("issuer", issuer_key.public_key(), issues=True),
    ]
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in made)


def written(folder: Path, key: Key, chain: bytes) -> tuple[Path, Path]:
    certificates, private = folder / "chain.pem", folder / "key.pem"
    certificates.write_bytes(chain)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificates, private


@pytest.mark.parametrize("kind", ["es256", "es384", "ed25519", "ps256"])
def test_an_operators_own_certificate_signs(kind: str, tmp_path: Path) -> None:
    keys: dict[str, Key] = {
        "es256": ec.generate_private_key(ec.SECP256R1()),
        "es384": ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
        "ps256": rsa.generate_private_key(65537, 2048),
    }
    key = keys[kind]
    identity = given_identity(*written(tmp_path, key, chain_of(key)))
    assert identity.algorithm == kind
    path = sound(tmp_path, AudioFormat.FLAC)
    C2paSigner(lambda: identity).sign(path, "flac", FROM)
    found = read_credentials(path)
    assert found is not None
    assert (found.whole, found.signer) == (True, "studio")


def test_an_operators_certificate_that_cannot_sign_is_refused(tmp_path: Path) -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ValueError, match="not that of the first certificate"):
        given_identity(*written(tmp_path, key, chain_of(other)))
    with pytest.raises(ValueError, match="valid until"):
        given_identity(*written(tmp_path, key, chain_of(key, timedelta(days=-1))))
    with pytest.raises(ValueError, match="holds no certificates"):
        given_identity(*written(tmp_path, key, b"nothing"))
    chain, private = written(tmp_path, key, chain_of(key))
    private.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no private key"):
        given_identity(chain, private)
